import Foundation
import KVDS
import Peers

/// A store of ours and an engine driven from C, each with files of its own that hold the same, byte for byte.
///
/// `@unchecked Sendable` is right because both C engines may be used from any thread.
final class EmbeddedPair: @unchecked Sendable {
    /// How an engine is driven from C.
    struct Driver: Sendable {
        let backend: Backend
        let open: @Sendable (_ path: String) -> OpaquePointer
        let close: @Sendable (OpaquePointer) -> Void
        /// Lets the engine finish with the files at a path what it would else do while it is measured.
        var settle: (@Sendable (_ path: String) -> Void)?
    }

    let store: StoreHandle
    let peer: OpaquePointer
    private let driver: Driver
    private let distributor: DistributorActor

    /// Loads `rows` into a store, copies its files, and opens one of the two for each side.
    convenience init(_ driver: Driver, _ rows: Dataset?, _ settings: Settings) async throws {
        try await self.init(driver, settings) { store in
            if let rows { try await Writing.load(rows, into: store, by: 10_000) }
        }
    }

    /// Fills a store by `load`, copies its files, and opens one of the two for each side.
    init(_ driver: Driver, _ settings: Settings, load: (StoreHandle) async throws -> Void) async throws {
        let directory = settings.path("pair")
        distributor = DistributorActor(directory: directory)
        self.driver = driver
        let loading = try await distributor.store("ours", on: driver.backend)
        try await load(loading)
        try await loading.close()
        driver.settle?("\(directory)/\(driver.backend.name)/ours")
        try FileManager.default.copyItem(
            atPath: "\(directory)/\(driver.backend.name)/ours", toPath: "\(directory)/peer")
        store = try await distributor.store("ours", on: driver.backend)
        peer = driver.open("\(directory)/peer")
    }

    func close() async throws {
        driver.close(peer)
        await distributor.shutdown()
        try FileManager.default.removeItem(atPath: distributor.directory)
    }
}

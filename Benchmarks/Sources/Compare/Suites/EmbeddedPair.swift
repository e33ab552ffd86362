import Foundation
import KVDS
import Peers

/// One of our stores and an engine driven from C, with separate but identical files.
///
/// `@unchecked Sendable` is correct because both C engines are thread-safe.
final class EmbeddedPair: @unchecked Sendable {
    /// The calls that drive an engine from C.
    struct Driver: Sendable {
        let backend: Backend
        let open: @Sendable (_ path: String) -> OpaquePointer
        let close: @Sendable (OpaquePointer) -> Void
        /// Lets the engine finish background work on the files before they are measured.
        var settle: (@Sendable (_ path: String) -> Void)?
    }

    let store: StoreHandle
    let peer: OpaquePointer
    private let driver: Driver
    private let distributor: DistributorActor

    /// Loads `rows` into a store, copies its files, and opens one copy for each side.
    convenience init(_ driver: Driver, _ rows: Dataset?, _ settings: Settings) async throws {
        try await self.init(driver, settings) { store in
            if let rows { try await Writing.load(rows, into: store, by: 10_000) }
        }
    }

    /// Fills a store with `load`, copies its files, and opens one copy for each side.
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

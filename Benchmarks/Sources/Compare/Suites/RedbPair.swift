import Foundation
import KVDS
import Peers

/// One of our stores and an engine driven from C, on disk or in memory, with the same contents.
///
/// `@unchecked Sendable` is correct because the engines are thread-safe and the map is behind its mutex.
final class RedbPair: @unchecked Sendable {
    let store: StoreHandle
    let peer: OpaquePointer
    private let engine: Engine
    private let distributor: DistributorActor

    /// On disk both sides start with the same files.
    init(_ engine: Engine, _ rows: Dataset?, _ settings: Settings) async throws {
        self.engine = engine
        let directory = settings.path("redb")
        distributor = DistributorActor(directory: directory)
        var ours = try await distributor.store("ours", on: engine.driver.backend)
        if let rows { try await Writing.load(rows, into: ours, by: 10_000) }
        if engine.hasFiles {
            try await ours.close()
            try FileManager.default.copyItem(
                atPath: "\(directory)/\(engine.driver.backend.name)/ours", toPath: "\(directory)/peer")
            ours = try await distributor.store("ours", on: engine.driver.backend)
        }
        store = ours
        peer = engine.driver.open("\(directory)/peer")
        if !engine.hasFiles, let rows { engine.calls.put(peer, rows.packed.rows, rows.count, 0) }
    }

    /// The size on disk of the files of each side.
    var sizes: (ours: Int, peer: Int) {
        get throws {
            let directory = distributor.directory
            return (
                try allocatedSize(of: "\(directory)/\(engine.driver.backend.name)/ours"),
                try allocatedSize(of: "\(directory)/peer")
            )
        }
    }

    func close() async throws {
        engine.driver.close(peer)
        await distributor.shutdown()
        if engine.hasFiles { try FileManager.default.removeItem(atPath: distributor.directory) }
    }
}

/// Returns the number of bytes allocated on disk for the files below `directory`. Holes in a file do not count.
func allocatedSize(of directory: String) throws -> Int {
    try FileManager.default.subpathsOfDirectory(atPath: directory).reduce(0) { sum, path in
        var status = stat()
        // A file that was removed in the meantime has no size.
        guard lstat("\(directory)/\(path)", &status) == 0 else { return sum }
        return sum + Int(status.st_blocks) * 512
    }
}

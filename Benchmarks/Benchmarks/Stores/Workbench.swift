import Foundation
import KVDS

/// A filled store in its own directory, used by one benchmark.
final class Workbench {
    static let entryCount = 10_000
    static let value = Bytes([UInt8](repeating: 0x61, count: 100))

    let backend: Backend
    let distributor: DistributorActor
    private var handle: StoreHandle?
    private var step = 0

    init(_ backend: Backend) {
        self.backend = backend
        distributor = DistributorActor(directory: NSTemporaryDirectory() + "kvds-benchmark-" + UUID().uuidString)
    }

    static func key(_ number: Int) -> Bytes {
        let digits = String(number % entryCount)
        return Bytes("key:" + String(repeating: "0", count: 8 - digits.count) + digits)
    }

    var store: StoreHandle {
        guard let handle else { preconditionFailure("the store is open from set-up to teardown") }
        return handle
    }

    /// Returns 1, then 2, and so on.
    func next() -> Int {
        step += 1
        return step
    }

    func open() async throws {
        let store = try await distributor.store("benchmark", on: backend)
        try await store.write { batch in
            for number in 0..<Workbench.entryCount { batch.set(Workbench.key(number), to: Workbench.value) }
        }
        handle = store
    }

    func close() async throws {
        handle = nil
        await distributor.shutdown()
        if FileManager.default.fileExists(atPath: distributor.directory) {
            try FileManager.default.removeItem(atPath: distributor.directory)
        }
    }
}

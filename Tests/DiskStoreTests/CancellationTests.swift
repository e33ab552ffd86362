import TestSupport
import Foundation
import KVDS
import KVDSTesting
import Testing

@Suite("Cancellation of calls on disk stores", .timeLimit(.minutes(5)))
struct CancellationTests {
    @Test("a cancelled backup is whole or throws .cancelled, and writers continue", arguments: disks)
    func backup(_ backend: DiskBackend) async throws {
        try await backend.withStore(durability: .buffered) { store, path in
            for index in 0..<100 { try await store.set(Bytes("\(index)"), to: Bytes(repeating: 1, count: 2_000)) }
            let points = try await CancellationSweep(seed: 42).run("backup") { number in
                let copy = "\(path)/copy\(number)"
                return CancellationSweep.Case {
                    try await store.backup(to: copy) { _ in }
                } neighbour: {
                    for step in 0..<3 {
                        try await store.set("step", to: Bytes("\(step)"))
                        await Task.yield()
                    }
                } check: { error in
                    if error == nil {
                        let made = try await backend.open(copy)
                        #expect(try await made.count() >= 100)
                        try await made.close()
                    }
                    #expect(try await store.get("step") == "2")
                    while try await store.statistics().openSnapshots > 0 { await Task.yield() }
                    try? FileManager.default.removeItem(atPath: copy)
                }
            }
            #expect(points > 3)
        }
    }

    @Test("a cancelled opening returns the store or leaves it closed", arguments: disks)
    func opening(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            _ = try await CancellationSweep(seed: 42).run("open") { number in
                CancellationSweep.Case {
                    try await backend.open("\(path)/\(number)").close()
                } check: { _ in
                    let store = try await backend.open("\(path)/\(number)")
                    try await store.set("a", to: "1")
                    try await store.close()
                }
            }
        }
    }

    /// The long version of the conformance checks, which use only one seed.
    @Test(
        "every cancellation check passes in three different orders of steps", .enabled(if: takesLong),
        arguments: ["memory", "lmdb", "rocksdb"])
    func everyCall(_ name: String) async throws {
        let before = CancellationSweep.cancellations
        try await withTemporaryDirectory { path in
            let backend = DiskBackend(rawValue: name)?.backend ?? .memory
            for seed in UInt64(1)...3 {
                let suite = StoreConformance(seed: seed) {
                    let configuration = StoreConfiguration(durability: .buffered)
                    return try await backend.open(at: "\(path)/\(UUID().uuidString)", configuration: configuration)
                }
                for check in StoreConformance.checks where check.name.contains("cancelled at any point") {
                    try await suite.run(check)
                }
            }
        }
        let count = CancellationSweep.cancellations - before
        print("cancellations on \(name): \(count)")
        #expect(count > 300)
    }
}

import DiskTestSupport
import Foundation
import KVDS
import KVDSLMDB
import Testing

@Suite("The slots of LMDB's readers", .timeLimit(.minutes(5)))
struct LMDBSlotTests {
    @Test("the slots of processes that died while the store was open are used again")
    func dead() async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBConfiguration(maximumReaders: 4).open(path)
            try await fill(store)
            let workers = try (0..<3).map { _ in try WorkerProcess(.lmdb, path) }
            for worker in workers { #expect(await worker.nextLine() == "open") }
            for worker in workers { #expect(try await worker.ask("hold") == "done") }
            for worker in workers {
                worker.crash()
                #expect(await worker.nextLine() == nil)
            }
            // It has the only slot that no dead process has.
            let snapshot = try await snapshots(of: store).snapshot()
            #expect(try await store.get("key 5") == "5")
            #expect(try await snapshot.get("key 5") == "5")
            snapshot.close()
            try await store.close()
        }
    }

    @Test("with every slot taken a read is .tooManySnapshots, and goes on once one is free")
    func full() async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBConfiguration(maximumReaders: 1).open(path)
            try await fill(store)
            let snapshot = try await snapshots(of: store).snapshot()
            let error = try await storeError { _ = try await store.get("key 5") }
            #expect(error?.code == .tooManySnapshots)
            #expect(error?.advice == .retry)
            snapshot.close()
            #expect(try await store.get("key 5") == "5")
            try await store.close()
        }
    }

    @Test("as many scans as before can be open a second time")
    func again() async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBConfiguration(maximumReaders: 126).open(path)
            try await fill(store)
            for _ in 0..<3 { try await holdScans(store) }
            try await store.close()
        }
    }

    @Test("of the slots that many scans took a store keeps a few", .enabled(if: Tool.isInstalled("mdb_stat")))
    func idle() async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBConfiguration(maximumReaders: 126).open(path)
            try await fill(store)
            try await holdScans(store)
            // A line for each slot, which begins with the process that has it.
            let report = try Tool.run("mdb_stat", ["-e", "-r", path], anyStatus: true)
            let own = "\(ProcessInfo.processInfo.processIdentifier)"
            let count = report.split(separator: "\n").count { $0.split(separator: " ").first.map(String.init) == own }
            #expect(count > 0 && count <= 70, "\(report)")
            try await store.close()
        }
    }

    /// Has as many scans open at once as 126 slots allow, and lets go of them.
    private func holdScans(_ store: any DiskStore) async throws {
        var open: [Entries.Iterator] = []
        for _ in 0..<110 {
            var scan = store.entries().makeAsyncIterator()
            #expect(try await scan.next() != nil)
            open.append(scan)
        }
        #expect(try await store.statistics().openSnapshots == 110)
    }

    private func snapshots(of store: any DiskStore) throws -> any SnapshotProvider {
        try #require(store as? any SnapshotProvider)
    }

    private func fill(_ store: any DiskStore) async throws {
        try await store.write { batch in
            for index in 0..<1_000 { batch.set(Bytes("key \(index)"), to: Bytes("\(index)")) }
        }
    }
}

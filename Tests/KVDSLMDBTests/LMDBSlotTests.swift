import TestSupport
import Foundation
import KVDS
import KVDSLMDB
import Testing

@Suite("Reuse of LMDB's reader slots", .timeLimit(.minutes(5)))
struct LMDBSlotTests {
    @Test("the reader slots of processes that died while the store was open are reused")
    func dead() async throws {
        try await LMDBConfiguration(maximumReaders: 4).withFilledStore { store, path in
            let workers = try (0..<3).map { _ in try WorkerProcess(.lmdb, path) }
            for worker in workers { #expect(await worker.nextLine() == "open") }
            for worker in workers { #expect(try await worker.ask("hold") == "done") }
            for worker in workers {
                worker.crash()
                #expect(await worker.nextLine() == nil)
            }
            // This snapshot has the only slot that does not belong to a dead process.
            let snapshot = try await store.snapshot()
            #expect(try await store.get("key 5") == "5")
            #expect(try await snapshot.get("key 5") == "5")
            snapshot.close()
        }
    }

    @Test("a read without a free slot throws .tooManySnapshots and succeeds once a slot is free")
    func full() async throws {
        try await LMDBConfiguration(maximumReaders: 1).withFilledStore { store, _ in
            let snapshot = try await store.snapshot()
            let error = try await storeError { _ = try await store.get("key 5") }
            #expect(error?.code == .tooManySnapshots)
            #expect(error?.advice == .retry)
            snapshot.close()
            #expect(try await store.get("key 5") == "5")
        }
    }

    @Test("a store can open its maximum of scans again after they are released")
    func again() async throws {
        try await LMDBConfiguration(maximumReaders: 126).withFilledStore { store, _ in
            for _ in 0..<3 { try await holdScans(store) }
        }
    }

    @Test(
        "a store keeps only a few of the reader slots that many scans took", .enabled(if: Tool.isInstalled("mdb_stat")))
    func idle() async throws {
        try await LMDBConfiguration(maximumReaders: 126).withFilledStore { store, path in
            try await holdScans(store)
            // Each slot has a line that begins with the number of its process.
            let report = try Tool.run("mdb_stat", ["-e", "-r", path], anyStatus: true)
            let own = "\(ProcessInfo.processInfo.processIdentifier)"
            let count = report.split(separator: "\n").count { $0.split(separator: " ").first.map(String.init) == own }
            #expect(count > 0 && count <= 70, "\(report)")
        }
    }

    /// Opens as many concurrent scans as 126 slots allow, and releases them.
    private func holdScans(_ store: any KeyValueStore) async throws {
        var open: [Entries.Iterator] = []
        for _ in 0..<110 {
            var scan = store.entries().makeAsyncIterator()
            #expect(try await scan.next() != nil)
            open.append(scan)
        }
        #expect(try await store.statistics().openSnapshots == 110)
    }
}

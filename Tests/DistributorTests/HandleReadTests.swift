import TestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("Reads through a handle", .timeLimit(.minutes(1)))
struct HandleReadTests {
    @Test("a read that would block on the fast path is repeated on the slow path")
    func wouldBlock() async throws {
        let faults = Faults()
        let backend = Backend(name: "waiting", isPersistent: false) { location, configuration throws(StoreError) in
            return try await EmbeddedStore.open(location, configuration: configuration) {
                FaultInjectingEngine(MemoryEngine(), faults: faults)
            }
        }
        try await withDistributor { distributor in
            let handle = try await distributor.store("a", on: backend)
            try await handle.set("k", to: "v")
            faults.fail(.get, with: .wouldBlock)
            #expect(try await handle.get("k") == "v")
            faults.fail(.get, with: .wouldBlock)
            let length = try await handle.withValue(for: "k") { (bytes: RawSpan) in bytes.byteCount }
            #expect(length == 1)
            faults.fail(.snapshot, with: .wouldBlock)
            let snapshot = try await handle.snapshot()
            #expect(try await snapshot.get("k") == "v")
        }
    }

    /// Returns a scan of a snapshot that has no other references.
    private static func makeScan(_ distributor: DistributorActor, _ backend: Backend) async throws -> Entries.Iterator {
        let handle = try await distributor.store("a", on: backend)
        try await handle.write { batch in
            for number in 0..<1_000 { batch.set(Bytes("\(number)"), to: "value") }
        }
        return try await handle.snapshot().entries().makeAsyncIterator()
    }

    @Test("a scan retains its handle and snapshot, even of a store that knows nothing of handles")
    func heldScan() async throws {
        let backend = Backend(name: "model", isPersistent: false) { _, _ throws(StoreError) in ModelStore() }
        try await withDistributor { distributor in
            var scan = try await Self.makeScan(distributor, backend)
            var count = 0
            while try await scan.next() != nil { count += 1 }
            #expect(count == 1_000)
            #expect(await distributor.openStores.count == 1)
        }
    }
}

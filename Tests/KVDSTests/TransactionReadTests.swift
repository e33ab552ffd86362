import Testing

@testable import KVDS
@testable import KVDSTesting

@Suite("The reads of a transaction", .timeLimit(.minutes(2)))
struct TransactionReadTests {
    @Test("two tasks that read one key in one transaction get the same value, despite writes")
    func twoReads() async throws {
        let store = LateAnswer(MemoryStore())
        try await store.set("k", to: "old")
        let locking = await TransactionManager(store).begin()
        try await expectOneAnswer(locking, store)
        try await locking.commit()

        try await store.set("k", to: "old")
        try await store.withTransaction(options: TransactionOptions(maximumAttempts: 1)) { optimistic in
            try await expectOneAnswer(optimistic, store)
        }
    }

    /// The store has answered one read, but the caller has not received the value when it changes and another call
    /// reads it.
    private func expectOneAnswer(_ reader: any StoreReader, _ store: LateAnswer) async throws {
        store.hold(.read)
        let late = WatchedCall { (try? await reader.get("k")) ?? "no value" }
        #expect(await soon { store.isHolding })
        try await store.set("k", to: "new")
        #expect(try await reader.get("k") == "new")
        store.release()
        #expect(await late.outcome() == "new")
    }

    @Test("a scan that outlives its transaction holds no snapshot and throws .transactionEnded")
    func outlivingScan() async throws {
        let store = MemoryStore()
        // Each entry fills a page.
        try await store.write { batch in
            for number in 0..<20 { batch.set(Bytes(number: number), to: Bytes(repeating: 1, count: 70_000)) }
        }
        var scan = try await store.withTransaction { tx in
            var scan = tx.entries().makeAsyncIterator()
            for number in 0..<3 {
                let entry = try await scan.next()
                #expect(entry?.key == Bytes(number: number))
            }
            return scan
        }
        #expect(try await store.statistics().openSnapshots == 0)
        #expect(await answerCode { _ = try await scan.next() } == "transactionEnded")
    }

    @Test("a scan becomes a condition on the range it covered, in key order, in both directions")
    func scanConditions() {
        let entries = ["a", "b", "c"].map { Entry(key: Bytes($0), value: "1") }
        var reads = ReadSet()
        let forward = reads.addScan(of: .all, .forward)
        let reverse = reads.addScan(of: .prefix("b"), .reverse)
        let unread = reads.addScan(of: .all, .forward)
        reads.scanned(forward, [entries[0]], upTo: "a")
        reads.scanned(forward, [entries[1]], upTo: "b")
        #expect(reads.conditions == [.unchanged(KeyRange(to: "b\0"), [entries[0], entries[1]])])
        reads.scanned(forward, [entries[2]], upTo: nil)
        let late = [Entry(key: "bb", value: "1"), entries[1]]
        for entry in late { reads.scanned(reverse, [entry], upTo: entry.key) }
        #expect(reads.conditions == [.unchanged(.all, entries), .unchanged(.prefix("b"), late.reversed())])
        reads.scanned(unread, [], upTo: "0")
        #expect(reads.conditions.last == .unchanged(KeyRange(to: "0\0"), []))
    }

    @Test("a scan with a negative limit throws .invalidArgument, even after writes")
    func negativeLimit() async throws {
        let store = MemoryStore()
        let locking = await TransactionManager(store).begin()
        try await locking.set("a", to: "1")
        #expect(await answerCode { _ = try await locking.list(limit: -1) } == "invalidArgument")
        try await store.withTransaction { optimistic in
            optimistic.set("a", to: "1")
            #expect(await answerCode { _ = try await optimistic.list(limit: -1) } == "invalidArgument")
        }
    }

    @Test("a second task on one scan of a transaction throws .busy")
    func busy() async throws {
        let store = LateAnswer(MemoryStore())
        try await store.set("a", to: "1")
        store.hold(.read)
        let scan = MergedScan(in: .all, order: .forward, limit: nil) { () throws(StoreError) in
            _ = try await store.get("a")
            return MergedScan.Opening(base: store.entries().makeSource(), buffer: WriteBuffer())
        }
        let first = WatchedCall { await answerCode { _ = try await scan.nextPage() } }
        #expect(await soon { store.isHolding })
        #expect(await answerCode { _ = try await scan.nextPage() } == "busy")
        store.release()
        #expect(await first.outcome() == "done")
    }
}

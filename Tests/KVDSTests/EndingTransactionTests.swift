import KVDSTesting
import Testing

@testable import KVDS

@Suite("A transaction that is ending", .timeLimit(.minutes(1)))
struct EndingTransactionTests {
    @Test("a transaction that is ending commits no write that it has refused")
    func refusedWrite() async throws {
        let store = MemoryStore()
        let manager = TransactionManager(store)
        let transaction = await manager.begin()
        try await transaction.set("a", to: "1")
        // The commit of another task has come this far, but has not taken the writes yet.
        #expect(manager.locks.beginRelease(transaction.owner))
        let error = #expect(throws: StoreError.self) { try transaction.open { $0.buffer.set("b", to: "1") } }
        #expect(error?.code == .transactionEnded)
        #expect(transaction.pendingWrites.count == 1)
        manager.locks.release(transaction.owner)
    }
}

@Suite("An iterator that two tasks use at once", .timeLimit(.minutes(1)))
struct SharedIteratorTests {
    @Test("a second task on a transaction's scan or on a subscription throws .busy")
    func busy() async throws {
        let store = MemoryStore()
        try await store.set("a", to: "1")
        let opening = Flag()
        let scan = MergedScan(in: .all, order: .forward, limit: nil) { () throws(StoreError) in
            await opening.pass()
            return MergedScan.Opening(base: store.entries().makeSource(), buffer: WriteBuffer())
        }
        let first = Task { try await scan.nextPage()?.count }
        await opening.isReached()
        await #expect { _ = try await scan.nextPage() } throws: { ($0 as? StoreError)?.code == .busy }
        await opening.release()
        #expect(try await first.value == 1)
        #expect(try await scan.nextPage() == nil)

        let changes = store.changes().makeSource()
        let waiting = Task { try await changes.nextEvents() }
        while store.feed.state.withLock({ $0.waiting.isEmpty }) { await Task.yield() }
        await #expect { _ = try await changes.nextEvents() } throws: { ($0 as? StoreError)?.code == .busy }
        try await store.set("b", to: "1")
        #expect(try await waiting.value.map(\.revision.rawValue) == [2])
    }

    /// A place that one task passes when another one opens it.
    private actor Flag {
        private var passing: CheckedContinuation<Void, Never>?
        private var watcher: CheckedContinuation<Void, Never>?

        func pass() async {
            await withCheckedContinuation { task in
                passing = task
                watcher?.resume()
                watcher = nil
            }
        }

        func isReached() async {
            if passing != nil { return }
            await withCheckedContinuation { watcher = $0 }
        }

        func release() {
            passing?.resume()
            passing = nil
        }
    }
}

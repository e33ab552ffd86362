import KVDSTesting
import Testing

@testable import KVDS

@Suite("The end of a transaction", .timeLimit(.minutes(2)))
struct TransactionEndTests {
    @Test("a second commit of a transaction during the first one throws .transactionEnded")
    func twice() async throws {
        let store = LateAnswer(MemoryStore())
        let manager = TransactionManager(store)
        let transaction = await manager.begin()
        try await transaction.set("a", to: "1")
        store.hold(.commit)
        let first = WatchedCall { await answerCode { try await transaction.commit() } }
        #expect(await soon { store.isHolding })
        #expect(!transaction.isOpen)
        #expect(await answerCode { try await transaction.commit() } == "transactionEnded")
        #expect(await answerCode { try transaction.rollback() } == "transactionEnded")
        #expect(await answerCode { try await transaction.set("b", to: "1") } == "transactionEnded")
        #expect(!manager.isIdle)
        store.release()
        #expect(await first.outcome() == "done")
        #expect(manager.isIdle)
    }

    @Test("a locking transaction that ended in any way has no locks, even while it is held")
    func locks() async throws {
        let store = MemoryStore()
        let manager = TransactionManager(store)
        let ends: [(name: String, code: String, end: @Sendable (LockingTransaction) async throws -> Void)] = [
            ("a commit", "done", { try await $0.commit() }),
            ("a rollback", "done", { try $0.rollback() }),
            (
                "a commit that meets another writer", "conflict",
                { transaction in
                    try await store.set("read", to: "changed")
                    try await transaction.commit()
                }
            ),
            (
                "a commit of a cancelled task", "cancelled",
                { transaction in
                    let task = Task {
                        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                        try await transaction.commit()
                    }
                    try await task.value
                }
            ),
        ]
        for (name, code, end) in ends {
            let transaction = await manager.begin()
            _ = try await transaction.get("read")
            try await transaction.set("written", to: "1")
            #expect(await answerCode { try await end(transaction) } == code, "\(name)")
            #expect(manager.isIdle, "\(name)")
            #expect(!transaction.isOpen, "\(name)")
        }
    }

    @Test("the commit of either kind of transaction has the requested durability")
    func durability() async throws {
        let store = BatchRecorder(MemoryStore())
        for durability in [Durability.buffered, .durable] {
            try await store.withTransaction(options: TransactionOptions(durability: durability)) {
                $0.set("a", to: "1")
            }
            let manager = TransactionManager(store, configuration: .init(durability: durability))
            let transaction = await manager.begin()
            try await transaction.set("b", to: "1")
            try await transaction.commit()
            #expect(Array(store.batches.map(\.durability).suffix(2)) == [durability, durability])
        }
    }

    @Test("a conflict of either kind of transaction names the key that another writer changed")
    func conflictKey() async throws {
        let store = MemoryStore()
        let optimistic = await #expect(throws: StoreError.self) {
            try await store.withTransaction(options: TransactionOptions(maximumAttempts: 1)) { tx in
                _ = try await tx.get(["a", "b"])
                try await store.set("b", to: "1")
                tx.set("c", to: "1")
            }
        }
        #expect(optimistic?.code == .conflict && optimistic?.key == "b")

        let transaction = await TransactionManager(store).begin()
        _ = try await transaction.get(["a", "b"])
        try await store.set("b", to: "2")
        let locking = await #expect(throws: StoreError.self) { try await transaction.commit() }
        #expect(locking?.code == .conflict && locking?.key == "b")
    }
}

/// A store that records the committed batches.
private final class BatchRecorder: BareLayer {
    let base: any KeyValueStore
    private let recorded = Monitor<[WriteBatch]>([])

    init(_ base: any KeyValueStore) { self.base = base }

    var batches: [WriteBatch] { recorded.withLock { $0 } }

    func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        recorded.withLock { $0.append(batch) }
        return try await base.commit(batch)
    }
}

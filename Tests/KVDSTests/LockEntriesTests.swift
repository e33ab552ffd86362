import KVDS
import Testing

@testable import KVDSTesting

@Suite("The locks of a locking transaction", .timeLimit(.minutes(2)))
struct LockEntriesTests {
    private typealias Call = (name: String, make: @Sendable (LockingTransaction) async throws -> Void)

    private static let reads: [Call] = [
        ("get", { _ = try await $0.get("k") }),
        ("exists", { _ = try await $0.exists("k") }),
        ("a scan", { for try await _ in $0.entries() {} }),
        ("a scan in reverse", { for try await _ in $0.entries(order: .reverse) {} }),
        ("a scan with a limit", { for try await _ in $0.entries(limit: 1) {} }),
    ]

    private static let writes: [Call] = [
        ("set", { try await $0.set("k", to: "1") }),
        ("delete", { try await $0.delete("k") }),
        ("delete of a range", { try await $0.delete(in: KeyRange.prefix("k")) }),
        ("getForUpdate", { _ = try await $0.getForUpdate("k") }),
    ]

    @Test("reads of a transaction block other writers, and its writes block readers and writers")
    func kinds() async throws {
        for read in Self.reads { for write in Self.writes { try await expect(write, waitsFor: read) } }
        for write in Self.writes {
            for other in Self.writes + Self.reads { try await expect(other, waitsFor: write) }
        }
    }

    private func expect(_ second: Call, waitsFor first: Call) async throws {
        let store = MemoryStore()
        try await store.set("k", to: "0")
        let manager = TransactionManager(store)
        let holder = await manager.begin()
        let waiter = await manager.begin()
        try await first.make(holder)
        let waiting = WatchedCall { await answerCode { try await second.make(waiter) } }
        #expect(await soon { waiter.isWaiting || waiting.hasEnded })
        #expect(waiter.isWaiting, "\(second.name), after \(first.name)")
        try holder.rollback()
        #expect(await waiting.outcome() == "done", "\(second.name), after \(first.name)")
    }
}

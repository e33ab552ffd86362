import Synchronization
import Testing

@testable import KVDS
@testable import KVDSTesting

@Suite("Child tasks of a transaction", .timeLimit(.minutes(1)))
struct ChildTaskTests {
    /// Changes the two keys of every child together, so that no two snapshots have any of them in common.
    private static func write(_ value: Bytes, _ store: some KeyValueStore) async throws {
        try await store.write { batch in
            for child in 0..<10 {
                batch.set(Bytes("left \(child)"), to: value)
                batch.set(Bytes("right \(child)"), to: value)
            }
        }
    }

    @Test("child tasks read the snapshot of the first read, whatever others write meanwhile")
    func oneMoment() async throws {
        let store = MemoryStore()
        try await Self.write("first", store)
        let result = try await store.withTransactionResult { tx in
            var seen: [Bytes?] = []
            for child in 0..<10 {
                let (left, leftIsRead) = AsyncStream.makeStream(of: Void.self)
                let (written, isWritten) = AsyncStream.makeStream(of: Void.self)
                async let values = {
                    let left = try await tx.get(Bytes("left \(child)"))
                    leftIsRead.finish()
                    for await _ in written {}
                    let entries = try await tx.list(.key(Bytes("right \(child)")))
                    return [left, entries.first?.value, try await tx.get(Bytes("right \(child)"))]
                }()
                for await _ in left {}
                try await Self.write(Bytes("after \(child)"), store)
                isWritten.finish()
                seen += try await values
            }
            return seen
        }
        #expect(result.value == Array(repeating: "first", count: 30))
        #expect(result.revision?.rawValue == 1 && result.attempts == 1)
    }

    @Test("two child tasks that take the first snapshot at once share one and release the other")
    func twoViews() async throws {
        let base = MemoryStore()
        try await Self.write("before", base)
        let store = SlowSnapshots(base)
        let seen = try await store.withTransaction { tx in
            // This read has taken its snapshot but has not yet received it.
            async let late = tx.get("left 1")
            await store.firstIsTaken()
            try await Self.write("after", base)
            let prompt = try await tx.get("right 1")
            #expect(try await base.statistics().openSnapshots == 2)
            store.release()
            let seen = [prompt, try await late, try await tx.get("left 2")]
            #expect(try await base.statistics().openSnapshots == 1)
            return seen
        }
        #expect(seen == ["after", "after", "after"])
        #expect(try await base.statistics().openSnapshots == 0)
    }

    @Test("the reads of all child tasks are conditions, and the writes of all are committed")
    func readsAndWrites() async throws {
        let store = MemoryStore()
        try await store.write { batch in
            for number in 0..<100 { batch.set(Bytes("\(number)"), to: Bytes("\(number)")) }
        }
        let runs = Atomic(0)
        let sum = try await store.withTransaction { tx in
            let sum = try await withThrowingTaskGroup(of: Int.self) { tasks in
                for number in 0..<100 {
                    tasks.addTask {
                        let value = try await tx.get(Bytes("\(number)"))
                        tx.set(Bytes("new \(number)"), to: "1")
                        return value.flatMap { Int(String($0)) } ?? 0
                    }
                }
                return try await tasks.reduce(0, +)
            }
            // In each of the first runs, another commit changes a value that a child has read.
            let run = runs.add(1, ordering: .relaxed).newValue
            if run <= 5 { try await store.set(Bytes("\(run * 17)"), to: "0") }
            return sum
        }
        #expect(runs.load(ordering: .relaxed) == 6)
        #expect(sum == (0..<100).reduce(0, +) - (1...5).reduce(0) { $0 + $1 * 17 })
        #expect(try await store.list(.prefix("new ")).count == 100)
    }
}

/// A store that takes its first snapshot immediately but returns it only when released.
private final class SlowSnapshots: StoreLayer, SnapshotProvider {
    let base: any KeyValueStore
    private let isFirst = Atomic(true)
    private let taken = AsyncStream.makeStream(of: Void.self)
    private let released = AsyncStream.makeStream(of: Void.self)

    init(_ base: any KeyValueStore) { self.base = base }

    var snapshots: (any SnapshotProvider)? { self }

    func firstIsTaken() async { for await _ in taken.stream {} }
    func release() { released.continuation.finish() }

    func makeSnapshot() async throws(StoreError) -> any StoreSnapshot {
        let snapshot = try await base.snapshot()
        if isFirst.exchange(false, ordering: .relaxed) {
            taken.continuation.finish()
            for await _ in released.stream {}
        }
        return snapshot
    }
}

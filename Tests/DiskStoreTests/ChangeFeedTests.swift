import KVDSTesting
import TestSupport
import KVDS
import Synchronization
import Testing

@Suite("The change feed on every backend", .timeLimit(.minutes(5)))
struct ChangeFeedTests {
    enum Kind: String, CaseIterable, Sendable {
        case memory, lmdb, rocksdb
    }

    private static func open(
        _ kind: Kind, _ path: String, history: ChangeRetention = ChangeRetention()
    ) async throws -> any KeyValueStore {
        let configuration = StoreConfiguration(durability: .buffered, changeRetention: history)
        let backend = DiskBackend(rawValue: kind.rawValue)?.backend ?? .memory
        return try await backend.open(at: path, configuration: configuration)
    }

    /// Makes `each` commits in each of `writers` tasks, while `receive` runs for each subscription in a task of its
    /// own.
    private static func write(
        to store: any KeyValueStore, writers: Int, each: Int, while subscriptions: [Subscription],
        receive: @escaping @Sendable (Subscription) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for writer in 0..<writers {
                tasks.addTask {
                    for step in 0..<each { try await store.set(Bytes("\(writer)"), to: Bytes("\(step)")) }
                }
            }
            for subscription in subscriptions { tasks.addTask { try await receive(subscription) } }
            try await tasks.waitForAll()
        }
    }

    /// Checks the events of one subscriber: every revision once and in order, except for exact gaps.
    private struct Witness {
        var last = Revision.zero
        var commits = 0
        var gaps = 0

        mutating func see(_ event: ChangeEvent?) {
            switch event {
            case .commit(let revision, let changes)?:
                #expect(revision.rawValue == last.rawValue + 1)
                #expect(changes.count == 1)
                last = revision
                commits += 1
            case .gap(let start, let end)?:
                #expect(start == last && end > start)
                last = end
                gaps += 1
            case nil: Issue.record("the feed ended")
            }
        }
    }

    @Test("8 subscribers receive all commits of 32 writers, each revision once and in order", arguments: Kind.allCases)
    func stress(_ kind: Kind) async throws {
        let (writers, each) = (32, takesLong ? 3_125 : 100)
        try await withTemporaryDirectory { path in
            let store = try await Self.open(kind, path, history: ChangeRetention(maximumCommits: writers * each))
            let subscriptions = (0..<8).map { _ in Subscription(store.changes()) }
            try await Self.write(to: store, writers: writers, each: each, while: subscriptions) { subscription in
                var witness = Witness()
                while witness.last.rawValue < writers * each { witness.see(try await subscription.next()) }
                #expect(witness.commits == writers * each && witness.gaps == 0)
            }
            try await store.close()
        }
    }

    @Test("subscribers that fall behind the change log receive exact gaps", arguments: Kind.allCases)
    func slow(_ kind: Kind) async throws {
        let (writers, each) = (8, takesLong ? 2_000 : 200)
        try await withTemporaryDirectory { path in
            let store = try await Self.open(kind, path, history: ChangeRetention(maximumCommits: 50))
            let options = ChangeOptions(bufferedCommits: 7)
            let subscriptions = (0..<4).map { _ in Subscription(store.changes(options: options)) }
            let sleeper = Subscription(store.changes(options: options))
            let total = UInt64(writers * each)
            try await Self.write(to: store, writers: writers, each: each, while: subscriptions) { subscription in
                var witness = Witness()
                while witness.last.rawValue < total {
                    witness.see(try await subscription.next())
                    for _ in 0..<20 { await Task.yield() }
                }
            }
            // A subscriber that took no events has not delayed any other, and receives everything that is left.
            #expect(
                try await sleeper.next() == .gap(from: .zero, to: Revision(rawValue: total - 50)))
            var witness = Witness()
            witness.last = Revision(rawValue: total - 50)
            for _ in 0..<50 { witness.see(try await sleeper.next()) }
            #expect(witness.last.rawValue == total)
            try await store.close()
        }
    }

    @Test("after a restart a subscriber resumes or receives an exact gap", arguments: disks)
    func restart(_ backend: DiskBackend) async throws {
        let kind = try #require(Kind(rawValue: backend.rawValue))
        let history = ChangeRetention(beginsAtOpening: true)
        try await withTemporaryDirectory { path in
            var witness = Witness()
            for round in 0..<4 {
                let store = try await Self.open(kind, path, history: history)
                // In every other round commits come before the subscriber. The change log contains them.
                for step in 0..<10 where round % 2 == 1 { try await store.set("k", to: Bytes("\(step)")) }
                let subscription = Subscription(store.changes(since: witness.last))
                for step in 0..<10 { try await store.set("k", to: Bytes("\(step)")) }
                let end = round % 2 == 1 ? 20 : 10
                for _ in 0..<end { witness.see(try await subscription.next()) }
                #expect(witness.gaps == 0)
                try await store.close()
            }
            #expect(witness.commits == 60)

            let unobserved = try await Self.open(kind, path)
            for step in 0..<10 { try await unobserved.set("k", to: Bytes("\(step)")) }
            try await unobserved.close()
            let store = try await Self.open(kind, path, history: history)
            let subscription = Subscription(store.changes(since: witness.last))
            #expect(try await subscription.next() == .gap(from: witness.last, to: Revision(rawValue: 70)))
            try await store.close()
        }
    }

    @Test(
        "a subscriber that reads no events does not slow down writers", .enabled(if: takesLong),
        arguments: Kind.allCases)
    func costOfSlow(_ kind: Kind) async throws {
        try await withTemporaryDirectory { path in
            let history = ChangeRetention(maximumCommits: 100, beginsAtOpening: true)
            let store = try await Self.open(kind, path, history: history)
            let clock = ContinuousClock()
            // The change log is kept in both cases. Each round measures both, in alternating order.
            var ratios: [Double] = []
            for round in 0..<15 {
                func time(sleepers: Int) async throws -> Duration {
                    let subscriptions = (0..<sleepers).map { _ in Subscription(store.changes()) }
                    return try await clock.measure {
                        for step in 0..<2_000 { try await store.set("k", to: Bytes("\(step)")) }
                        withExtendedLifetime(subscriptions) {}
                    }
                }
                let first = try await time(sleepers: round % 2 * 8)
                let second = try await time(sleepers: (1 - round % 2) * 8)
                ratios.append(round % 2 == 0 ? second / first : first / second)
            }
            let median = ratios.sorted()[ratios.count / 2]
            // The limit is far above the real cost, so that a noisy machine does not fail the test. Waiting for a
            // subscriber would cost a multiple.
            #expect(median < 1.6, "with 8 subscribers that take nothing a commit takes \(median) times as long")
            try await store.close()
        }
    }
}

/// An iterator that can be moved into a task.
///
/// `@unchecked Sendable` is correct because only one task uses it at a time.
private final class Subscription: @unchecked Sendable {
    private var iterator: Changes.Iterator
    init(_ changes: Changes) { iterator = changes.makeAsyncIterator() }
    func next() async throws(StoreError) -> ChangeEvent? { try await iterator.next() }
}

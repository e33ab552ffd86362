import KVDS

extension StoreConformance {
    /// The change feed, for stores that have one.
    static let changeChecks = [
        Check("each commit is one event in order, already readable, with each key once and in order") {
            context, store in
            try context.require(store.changeFeed, "change feed")
            var events = store.changes().makeAsyncIterator()
            try await store.set("b", to: "1")
            try context.expect(
                try await events.next(), .commit(Revision(rawValue: 1), [Change(key: "b", value: "1")]), "a set")
            try context.expect(try await store.get("b"), "1", "a get after the event")
            try await store.write { batch in
                batch.set("d", to: "1")
                batch.set("a", to: "1")
                batch.delete("c")
                batch.set("d", to: "2")
                batch.delete(in: KeyRange(from: "b", to: "c"))
                batch.set("aa", to: Bytes())
            }
            _ = try await store.setIfAbsent("a", to: "3")
            try await store.write { $0.require(.present("a")) }
            try await store.delete(in: .all)
            try await store.delete(in: .all)
            let batch = [
                Change(key: "a", value: "1"), Change(key: "aa", value: Bytes()), Change(key: "b", value: nil),
                Change(key: "c", value: nil), Change(key: "d", value: "2"),
            ]
            try context.expect(try await events.next(), .commit(Revision(rawValue: 2), batch), "a batch")
            let gone = ["a", "aa", "d"].map { Change(key: $0, value: nil) }
            try context.expect(try await events.next(), .commit(Revision(rawValue: 3), gone), "the deletion of a range")
            try context.expect(try await events.next(), .commit(Revision(rawValue: 4), []), "a deletion of nothing")
        },
        Check("a subscriber to a range receives the changes in it and no others") { context, store in
            try context.require(store.changeFeed, "change feed")
            var users = store.changes(prefix: "user:").makeAsyncIterator()
            let rest = Subscription(store.changes(in: KeyRange(from: "z")))
            let waiting = Task { try await rest.next() }
            try await store.set("a", to: "1")
            try await store.write { batch in
                for key in ["a", "user:1", "user:2", "v"] { batch.set(Bytes(key), to: "x") }
            }
            try await store.delete("user;")
            try await store.delete(in: KeyRange(from: "user:2"))
            let set = ["user:1", "user:2"].map { Change(key: Bytes($0), value: "x") }
            try context.expect(try await users.next(), .commit(Revision(rawValue: 2), set), "what was set")
            let gone = [Change(key: "user:2", value: nil)]
            try context.expect(try await users.next(), .commit(Revision(rawValue: 4), gone), "what was deleted")
            try await store.set("zz", to: "1")
            let last = ChangeEvent.commit(Revision(rawValue: 5), [Change(key: "zz", value: "1")])
            try context.expect(try await waiting.value, last, "the event of a subscriber that waited")
        },
        Check("only subscribers that asked for previous values receive them") { context, store in
            try context.require(store.changeFeed, "change feed")
            try await store.set("a", to: "0")
            try await store.set("b", to: "0")
            var plain = store.changes().makeAsyncIterator()
            var events = store.changes(options: ChangeOptions(previousValues: true)).makeAsyncIterator()
            try await store.write { batch in
                batch.set("a", to: "1")
                batch.set("a", to: "2")
                batch.set("c", to: "1")
                batch.delete(in: KeyRange(from: "b"))
            }
            // Concurrent commits, so that some share a commit group.
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<50 { tasks.addTask { try await store.increment("n") } }
                try await tasks.waitForAll()
            }
            let first = [
                Change(key: "a", value: "2", previous: "0"), Change(key: "b", value: nil, previous: "0"),
                Change(key: "c", value: nil, previous: nil),
            ]
            try context.expect(try await events.next(), .commit(Revision(rawValue: 3), first), "a batch")
            for number in 1...50 {
                guard case .commit(_, let changes)? = try await events.next() else { throw Difference("a gap") }
                let previous = number == 1 ? nil : Bytes(number: number - 1)
                try context.expect(
                    changes, [Change(key: "n", value: Bytes(number: number), previous: previous)], "a sum")
            }
            let plainFirst = first.map { Change(key: $0.key, value: $0.value) }
            try context.expect(
                try await plain.next(), .commit(Revision(rawValue: 3), plainFirst), "the event without previous values")
        },
        Check("8 subscribers receive every commit of 32 writers once and in order") { context, store in
            try context.require(store.changeFeed, "change feed")
            let (writers, each) = (32, max(context.suite.operations / 100, 5))
            let iterators = (0..<8).map { _ in Subscription(store.changes()) }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for writer in 0..<writers {
                    tasks.addTask {
                        for step in 0..<each {
                            let key = Bytes(number: writer)
                            let result = try await store.set(key, to: Bytes(number: step))
                            try context.expect(result.isCommitted, "a commit")
                        }
                    }
                }
                for iterator in iterators {
                    tasks.addTask {
                        var steps = Array(repeating: 0, count: writers)
                        for revision in 1...writers * each {
                            guard case .commit(let seen, let changes)? = try await iterator.next() else {
                                throw Difference("a gap among \(writers * each) commits")
                            }
                            try context.expect(seen.rawValue, UInt64(revision), "the next revision")
                            try await withSnapshot(of: store) { snapshot in
                                try context.expect(snapshot.revision >= seen, true, "whether \(seen) can be read")
                            }
                            let writer = changes[0].key.number
                            try context.expect(changes[0].value, Bytes(number: steps[writer]), "a writer's next value")
                            steps[writer] += 1
                        }
                    }
                }
                try await tasks.waitForAll()
            }
        },
        Check("a range deletion of many pages is delivered whole, with previous values if asked for") {
            context, store in
            try context.require(store.changeFeed, "change feed")
            let entries = try await fill(store, 3_000, context)
            var plain = store.changes().makeAsyncIterator()
            var events = store.changes(options: ChangeOptions(previousValues: true)).makeAsyncIterator()
            try await store.delete(in: KeyRange(from: Bytes(number: 100), to: Bytes(number: 2_900)))
            let gone = entries[100..<2_900].map { Change(key: $0.key, value: nil, previous: $0.value) }
            guard case .commit(_, let changes)? = try await events.next() else { throw Difference("a gap") }
            try context.expect(changes.count, gone.count, "the number of changes with previous values")
            try context.expect(changes == gone, "the changes with previous values")
            guard case .commit(_, let keys)? = try await plain.next() else { throw Difference("a gap") }
            try context.expect(keys == gone.map { Change(key: $0.key, value: nil) }, "the changes without previous")
        },
    ]

    /// An iterator that can be moved into a task.
    ///
    /// `@unchecked Sendable` is correct because only one task uses the iterator.
    final class Subscription: @unchecked Sendable {
        private var iterator: Changes.Iterator
        init(_ changes: Changes) { iterator = changes.makeAsyncIterator() }
        func next() async throws(StoreError) -> ChangeEvent? { try await iterator.next() }
    }
}

/// Calls `body` with a snapshot of `store` if the store has snapshots.
private func withSnapshot(
    of store: any KeyValueStore, _ body: (any StoreSnapshot) async throws -> Void
) async throws {
    guard store.snapshots != nil else { return }
    try await store.withSnapshot(body)
}

extension KeyValueStore {
    /// Adds 1 to the number at `key`.
    func increment(_ key: Bytes) async throws(StoreError) {
        while true {
            let old = try await get(key)
            if try await compareAndSwap(key, expected: old, new: Bytes(number: (old?.number ?? 0) + 1)) { return }
            await Task.yield()
        }
    }
}

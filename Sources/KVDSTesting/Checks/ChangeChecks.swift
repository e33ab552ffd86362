import KVDS

extension StoreConformance {
    /// The feed of changes, of stores that have one.
    static let changeChecks = [
        Check("every commit is one event, in order, with each key once and in order, and can be read") {
            context, store in
            let feed = try context.feed(of: store)
            var events = feed.changes().makeAsyncIterator()
            try await store.set("b", to: "1")
            try context.expect(
                try await events.next(), .commit(Revision(rawValue: 1), [Change(key: "b", value: "1")]), "a set")
            try context.expect(try await store.get("b"), "1", "what was told")
            try await store.write { batch in
                batch.set("d", to: "1")
                batch.set("a", to: "1")
                batch.delete("c")
                batch.set("d", to: "2")
                batch.delete(KeyRange(from: "b", to: "c"))
                batch.set("aa", to: Bytes())
            }
            _ = try await store.setIfAbsent("a", to: "3")
            try await store.write { $0.require(.present("a")) }
            try await store.delete(.all)
            try await store.delete(.all)
            let batch = [
                Change(key: "a", value: "1"), Change(key: "aa", value: Bytes()), Change(key: "b", value: nil),
                Change(key: "c", value: nil), Change(key: "d", value: "2"),
            ]
            try context.expect(try await events.next(), .commit(Revision(rawValue: 2), batch), "a batch")
            let gone = ["a", "aa", "d"].map { Change(key: $0, value: nil) }
            try context.expect(try await events.next(), .commit(Revision(rawValue: 3), gone), "the deletion of a range")
            try context.expect(try await events.next(), .commit(Revision(rawValue: 4), []), "a deletion of nothing")
        },
        Check("a subscriber to a range is told of it and of nothing else") { context, store in
            let feed = try context.feed(of: store)
            var users = feed.changes(prefix: "user:").makeAsyncIterator()
            let rest = Subscription(feed.changes(in: KeyRange(from: "z")))
            let waiting = Task { try await rest.next() }
            try await store.set("a", to: "1")
            try await store.write { batch in
                for key in ["a", "user:1", "user:2", "v"] { batch.set(Bytes(key), to: "x") }
            }
            try await store.delete("user;")
            try await store.delete(KeyRange(from: "user:2"))
            let set = ["user:1", "user:2"].map { Change(key: Bytes($0), value: "x") }
            try context.expect(try await users.next(), .commit(Revision(rawValue: 2), set), "what was set")
            let gone = [Change(key: "user:2", value: nil)]
            try context.expect(try await users.next(), .commit(Revision(rawValue: 4), gone), "what was deleted")
            try await store.set("zz", to: "1")
            let last = ChangeEvent.commit(Revision(rawValue: 5), [Change(key: "zz", value: "1")])
            try context.expect(try await waiting.value, last, "one who waited all the while")
        },
        Check("previous values are told to whom they were asked for") { context, store in
            let feed = try context.feed(of: store)
            try await store.set("a", to: "0")
            try await store.set("b", to: "0")
            var plain = feed.changes().makeAsyncIterator()
            var events = feed.changes(options: ChangeOptions(previousValues: true)).makeAsyncIterator()
            try await store.write { batch in
                batch.set("a", to: "1")
                batch.set("a", to: "2")
                batch.set("c", to: "1")
                batch.delete(KeyRange(from: "b"))
            }
            // Many at once, so that some are of one group.
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
                try await plain.next(), .commit(Revision(rawValue: 3), plainFirst), "what was told without")
        },
        Check("8 subscribers see every commit of 32 writers once and in order") { context, store in
            let feed = try context.feed(of: store)
            let (writers, each) = (32, max(context.suite.operations / 100, 5))
            let iterators = (0..<8).map { _ in Subscription(feed.changes()) }
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
                            guard case .commit(let told, let changes)? = try await iterator.next() else {
                                throw Difference("a gap among \(writers * each) commits")
                            }
                            try context.expect(told.rawValue, UInt64(revision), "the next revision")
                            try await withSnapshot(of: store) { snapshot in
                                try context.expect(snapshot.revision >= told, true, "whether \(told) can be read")
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
        Check("a deleted range is told whole, with the values before it, however many pages it fills") {
            context, store in
            let feed = try context.feed(of: store)
            let entries = try await fill(store, 3_000, context)
            var plain = feed.changes().makeAsyncIterator()
            var events = feed.changes(options: ChangeOptions(previousValues: true)).makeAsyncIterator()
            try await store.delete(KeyRange(from: Bytes(number: 100), to: Bytes(number: 2_900)))
            let gone = entries[100..<2_900].map { Change(key: $0.key, value: nil, previous: $0.value) }
            guard case .commit(_, let changes)? = try await events.next() else { throw Difference("a gap") }
            try context.expect(changes.count, gone.count, "how many keys are told with the values before")
            try context.expect(changes == gone, "what is told with the values before")
            guard case .commit(_, let keys)? = try await plain.next() else { throw Difference("a gap") }
            try context.expect(keys == gone.map { Change(key: $0.key, value: nil) }, "what is told without")
        },
    ]

    /// An iterator that is handed to a task.
    ///
    /// `@unchecked Sendable` is right because one task uses it.
    final class Subscription: @unchecked Sendable {
        private var iterator: Changes.Iterator
        init(_ changes: Changes) { iterator = changes.makeAsyncIterator() }
        func next() async throws(StoreError) -> ChangeEvent? { try await iterator.next() }
    }
}

/// Calls `body` with a snapshot of `store`, if it has any.
private func withSnapshot(
    of store: any KeyValueStore, _ body: (any StoreSnapshot) async throws -> Void
) async throws {
    guard let store = store as? any SnapshotProvider else { return }
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

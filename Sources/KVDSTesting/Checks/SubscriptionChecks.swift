import KVDS

extension StoreConformance {
    /// The beginning and the end of subscriptions to changes.
    static let subscriptionChecks = [
        Check("a subscriber resumes after a revision and receives the missed commits or a gap") { context, store in
            try context.require(store.changeFeed, "change feed")
            var first = store.changes(since: .zero).makeAsyncIterator()
            for number in 1...5 { try await store.set("k", to: Bytes(number: number)) }
            for number in 1...5 {
                let change = Change(key: "k", value: Bytes(number: number))
                try context.expect(
                    try await first.next(), .commit(Revision(rawValue: UInt64(number)), [change]), "from the beginning")
            }
            var second = store.changes(since: Revision(rawValue: 3)).makeAsyncIterator()
            for number in 4...5 {
                let change = Change(key: "k", value: Bytes(number: number))
                try context.expect(
                    try await second.next(), .commit(Revision(rawValue: UInt64(number)), [change]), "what was missed")
            }
            var future = store.changes(since: Revision(rawValue: 9)).makeAsyncIterator()
            let gap = ChangeEvent.gap(from: Revision(rawValue: 9), to: Revision(rawValue: 5))
            try context.expect(try await future.next(), gap, "since a revision that has not been")
            try await store.set("k", to: "x")
            let last = ChangeEvent.commit(Revision(rawValue: 6), [Change(key: "k", value: "x")])
            try context.expect(try await first.next(), last, "the next commit")
            try context.expect(try await second.next(), last, "the next commit, after resuming")
            try context.expect(try await future.next(), last, "the next commit, after a gap")
        },
        Check(
            "a subscriber that resumes at a future revision receives a gap back, then every commit"
        ) { context, store in
            try context.require(store.changeFeed, "change feed")
            for number in 1...5 { try await store.set("k", to: Bytes(number: number)) }
            for distance in 1...4 as ClosedRange<UInt64> {
                let now = try await store.set("k", to: "x").revision ?? .zero
                let since = Revision(rawValue: now.rawValue + distance)
                var events = store.changes(since: since).makeAsyncIterator()
                var expected: [ChangeEvent] = [.gap(from: since, to: now)]
                for number in 1...5 {
                    let revision = try await store.set("k", to: Bytes(number: number)).revision ?? .zero
                    expected.append(.commit(revision, [Change(key: "k", value: Bytes(number: number))]))
                }
                for event in expected { try context.expect(try await events.next(), event, "\(distance) ahead") }
            }
        },
        Check("a subscriber to commits made before any subscription receives them or exact gaps") { context, store in
            try context.require(store.changeFeed, "change feed")
            for number in 1...5 { try await store.set("k", to: Bytes(number: number)) }
            var stale = store.changes(since: Revision(rawValue: 2)).makeAsyncIterator()
            var current = store.changes(since: Revision(rawValue: 5)).makeAsyncIterator()
            var last = Revision(rawValue: 2)
            while last.rawValue < 5, let event = try await stale.next() {
                switch event {
                case .commit(let revision, let changes):
                    try context.expect(revision.rawValue, last.rawValue + 1, "the next revision")
                    let change = Change(key: "k", value: Bytes(number: Int(revision.rawValue)))
                    try context.expect(changes, [change], "what was committed")
                case .gap(let start, let end):
                    try context.expect(start, last, "where a gap begins")
                    try context.expect(end > start && end.rawValue <= 5, true, "where a gap ends: \(end)")
                }
                last = event.revision
            }
            try await store.set("k", to: "x")
            let next = ChangeEvent.commit(Revision(rawValue: 6), [Change(key: "k", value: "x")])
            try context.expect(try await stale.next(), next, "what comes then")
            try context.expect(try await current.next(), next, "since the last revision")
        },
        Check(
            "after a restart a subscriber receives a gap only if it resumes at a stale revision", needsReopening: true
        ) {
            context, store in
            try context.require(store.changeFeed, "change feed")
            var events = store.changes().makeAsyncIterator()
            for number in 1...4 { try await store.set("k", to: Bytes(number: number)) }
            let seen = try await events.next()?.revision
            let again = try await context.reopen(store)
            var stale = again.changes(since: seen).makeAsyncIterator()
            var current = again.changes(since: Revision(rawValue: 4)).makeAsyncIterator()
            let gap = ChangeEvent.gap(from: Revision(rawValue: 1), to: Revision(rawValue: 4))
            try context.expect(try await stale.next(), gap, "the gap after the restart")
            try await again.set("k", to: "x")
            let next = ChangeEvent.commit(Revision(rawValue: 5), [Change(key: "k", value: "x")])
            try context.expect(try await stale.next(), next, "after the gap")
            try context.expect(try await current.next(), next, "the first commit after the restart")
        },
        Check("a cancelled subscriber throws .cancelled, is removed at once and affects no other") { context, store in
            try context.require(store.changeFeed, "change feed")
            var other = store.changes().makeAsyncIterator()
            let (waiting, begin) = AsyncStream.makeStream(of: Void.self)
            let task = Task { () -> StoreError.Code? in
                var events = store.changes().makeAsyncIterator()
                begin.finish()
                do throws(StoreError) { _ = try await events.next() } catch { return error.code }
                return nil
            }
            for await _ in waiting {}
            await Task.yield()
            task.cancel()
            try context.expect(await task.value, .cancelled, "what it threw")
            try await expectSubscribers(1, store, context)
            try await store.set("a", to: "1")
            try context.expect(try await other.next()?.revision.rawValue, 1, "another subscriber")
            do { _ = store.changes().makeAsyncIterator() }
            try await expectSubscribers(1, store, context)
            // Also when an event is available, and while the iterator is still referenced.
            let held = Subscription(store.changes())
            try await store.set("b", to: "1")
            let late = Task { () -> StoreError.Code? in
                await untilCancelled()
                do throws(StoreError) { _ = try await held.next() } catch { return error.code }
                return nil
            }
            late.cancel()
            try context.expect(await late.value, .cancelled, "the error of a subscriber with an available event")
            try await expectSubscribers(1, store, context)
            withExtendedLifetime(held) {}
        },
        Check("closing delivers the remaining events, then ends subscriptions with .closed") { context, store in
            try context.require(store.changeFeed, "change feed")
            var late = store.changes().makeAsyncIterator()
            let waiting = Task { () -> StoreError.Code? in
                var events = store.changes(in: KeyRange(from: "z")).makeAsyncIterator()
                do throws(StoreError) { while try await events.next() != nil {} } catch { return error.code }
                return nil
            }
            await Task.yield()
            for number in 0..<10 { try await store.set("a", to: Bytes(number: number)) }
            try await store.close()
            for revision in 1...10 {
                try context.expect(try await late.next()?.revision.rawValue, UInt64(revision), "what was left")
            }
            for _ in 0..<2 {
                try await context.expect(.closed, from: "the subscription") { _ = try await late.next() }
            }
            try context.expect(await waiting.value, .closed, "what a waiting subscriber threw")
            for since in [nil, Revision.zero] {
                var new = store.changes(since: since).makeAsyncIterator()
                try await context.expect(.closed, from: "a new subscription") { _ = try await new.next() }
            }
        },
        Check("observe delivers a range now and after changes to it, and misses no final state") {
            context, store in
            try context.require(store.snapshots, "snapshots")
            try context.require(store.changeFeed, "change feed")
            try await store.set("user:1", to: "a")
            try await store.set("other", to: "a")
            try await watch(store, context)
        },
    ]

    private static func watch(
        _ store: any KeyValueStore, _ context: CheckContext
    ) async throws {
        var states = store.observe(prefix: "user:").makeAsyncIterator()
        try context.expect(try await states.next(), [Entry(key: "user:1", value: "a")], "the first state")
        try await store.set("other", to: "b")
        try await store.set("user:2", to: "b")
        try await store.delete("user:1")
        try context.expect(try await states.next(), [Entry(key: "user:2", value: "b")], "what two commits led to")
        let last = 200
        let writer = Task {
            for number in 0...last {
                try await store.write(durability: .buffered) { $0.set("user:2", to: Bytes(number: number)) }
            }
        }
        var seen: [Int] = []
        while seen.last != last {
            guard let entries = try await states.next() else { throw Difference("the observation ended") }
            try context.expect(entries.count, 1, "how many entries there are")
            seen.append(entries[0].value.number)
        }
        try await writer.value
        try context.expect(zip(seen, seen.dropFirst()).allSatisfy { $0 < $1 }, "each state is newer: \(seen)")
    }

    private static func expectSubscribers(_ count: Int, _ store: any KeyValueStore, _ context: CheckContext)
        async throws
    {
        guard store.inspector != nil else { return }
        try context.expect(try await store.statistics().changeSubscribers, count, "subscribers")
    }
}

import Testing

@testable import KVDS

@Suite("Waking of subscribers", .timeLimit(.minutes(1)))
struct FeedWakingTests {
    private let feed = ChangeFeed(retention: ChangeRetention())

    @Test("a subscriber concerned by the first commit of a group is woken")
    func firstCommit() async { await expectWoken(in: .prefix("b"), by: ["b", "x"]) }

    @Test("a subscriber concerned by a later commit of a group is woken")
    func laterCommit() async { await expectWoken(in: .prefix("b"), by: ["x", "b"]) }

    /// Publishes two commits, at least one of which concerns the subscriber.
    private func expectWoken(in range: KeyRange, by keys: [Bytes]) async {
        let id = subscriber(to: range)
        let waiter = await wait(id)
        publish(keys, after: 5)
        #expect(await soon { waiter.hasEnded }, "the subscriber is woken")
        #expect(step(id) == "6 7")
        #expect(step(id) == "wait")
    }

    @Test("a subscriber to everything is woken by a commit that changes no key")
    func emptyCommit() async {
        let id = subscriber(to: .all)
        let waiter = await wait(id)
        var recorder = ChangeRecorder(after: Self.revision(5), readsPrevious: false)
        var batch = WriteBatch()
        batch.delete(in: KeyRange.prefix("nothing"))
        recorder.accept(batch, Self.revision(6))
        feed.publish(recorder, feed.demand)
        #expect(await soon { waiter.hasEnded }, "the subscriber is woken")
        #expect(step(id) == "6")
    }

    @Test("a subscriber is woken for a gap before a commit that does not concern it")
    func gapBeforeCommit() async {
        let id = subscriber(to: .prefix("z"))
        let waiter = await wait(id)
        publish(["a"], after: 7)
        #expect(await soon { waiter.hasEnded }, "the subscriber is woken")
        #expect(step(id) == "gap 5 7")
        #expect(step(id) == "8")
    }

    @Test("a subscriber is woken for commits of another process and receives them as a gap")
    func othersCommits() async {
        let id = subscriber(to: .prefix("z"))
        let waiter = await wait(id)
        feed.advance(to: Self.revision(7), feed.demand)
        #expect(await soon { waiter.hasEnded }, "the subscriber is woken")
        #expect(step(id) == "gap 5 7")
        #expect(step(id) == "wait")
    }

    @Test("a subscriber that waits before its start is known receives the commits it missed")
    func begins() async {
        _ = subscriber(to: .all)
        let id = feed.subscribe(.all, after: Self.revision(4), needsPrevious: false)
        let waiter = await wait(id)
        publish(["a"], after: 5)
        #expect(await soon { waiter.hasEnded }, "the subscriber is woken")
        #expect(step(id) == "5 6")
    }

    @Test("a commit made just before a subscriber waits ends the wait at once")
    func between() async {
        let id = subscriber(to: .all)
        #expect(step(id) == "wait")
        publish(["a"], after: 5)
        let waiter = await wait(id)
        #expect(await soon { waiter.hasEnded }, "the wait is over at once")
        #expect(step(id) == "6")
    }

    @Test("a waiting subscriber is resumed when its subscription ends or its task is cancelled")
    func resumed() async {
        let first = subscriber(to: .all)
        let waiting = await wait(first)
        feed.unsubscribe(first)
        #expect(await soon { waiting.hasEnded }, "the unsubscribed one is resumed")
        #expect(step(first) == "unsubscribed")
        let second = feed.subscribe(.all, after: nil, needsPrevious: false)
        let cancelled = await wait(second)
        cancelled.cancel()
        #expect(await soon { cancelled.hasEnded }, "the cancelled one is resumed")
        #expect(feed.count == 0)
    }

    @Test("the end of the change feed wakes its subscribers, and they receive the rest and the error")
    func ends() async {
        let first = subscriber(to: .all)
        publish(["a"], after: 5)
        #expect(step(first) == "6")
        let waiter = await wait(first)
        let late = feed.subscribe(.all, after: Self.revision(5), needsPrevious: false)
        #expect(feed.beginPolling())
        feed.finish(StoreError(.writesRefused, "The outcome of a commit is unknown."))
        feed.finish(StoreError(.closed, "The store was closed."))
        #expect(await soon { waiter.hasEnded }, "who waits is woken")
        #expect(step(first) == "end writesRefused")
        #expect(step(late) == "6")
        #expect(step(late) == "end writesRefused")
        let another = await wait(late)
        #expect(await soon { another.hasEnded }, "nobody waits after the end")
        #expect(!feed.continuesPolling())
    }
}

extension FeedWakingTests {
    private static func revision(_ number: UInt64) -> Revision { Revision(rawValue: number) }

    /// Makes a subscriber that has received everything up to commit 5.
    private func subscriber(to range: KeyRange) -> SubscriberID {
        let id = feed.subscribe(range, after: nil, needsPrevious: false)
        publish(["first"], after: 4)
        #expect(step(id) == "5")
        return id
    }

    /// Publishes a group with a commit for each key, the first one after `last`.
    private func publish(_ keys: [Bytes], after last: UInt64) {
        let demand = feed.demand
        var recorder = ChangeRecorder(after: Self.revision(last), readsPrevious: false)
        for (index, key) in keys.enumerated() {
            var batch = WriteBatch()
            batch.set(key, to: "v")
            recorder.accept(batch, Self.revision(last + UInt64(index) + 1))
        }
        feed.publish(recorder, demand)
    }

    /// Returns the events that are available for a subscriber, as text.
    private func step(_ id: SubscriberID) -> String {
        switch feed.take(id, limit: 9) {
        case .wait: "wait"
        case .gap(let start, let end): "gap \(start) \(end)"
        case .records(let records): records.map(\.revision.description).joined(separator: " ")
        case .end(let error): "end \(error.code)"
        case .unsubscribed: "unsubscribed"
        }
    }

    /// Begins to wait, and returns when the wait has begun or is already over.
    private func wait(_ id: SubscriberID) async -> WatchedCall<Void> {
        let feed = feed
        let waiter = WatchedCall { await feed.wait(id) }
        let hasBegun = await soon {
            waiter.hasEnded || feed.state.withLock { state in state.waiting.contains { $0.id == id } }
        }
        #expect(hasBegun, "the wait has begun")
        return waiter
    }
}

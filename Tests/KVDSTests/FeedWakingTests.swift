import Testing

@testable import KVDS

@Suite("Who waits for changes", .timeLimit(.minutes(1)))
struct FeedWakingTests {
    private let feed = ChangeFeed(history: ChangeRetention())

    @Test("a subscriber concerned by the first commit of a group is woken")
    func firstCommit() async { await expectWoken(in: .prefix("b"), by: ["b", "x"]) }

    @Test("a subscriber concerned by a later commit of a group is woken")
    func laterCommit() async { await expectWoken(in: .prefix("b"), by: ["x", "b"]) }

    /// Two commits, of which one at least concerns the subscriber.
    private func expectWoken(in range: KeyRange, by keys: [Bytes]) async {
        let id = subscriber(to: range)
        let waiter = await wait(id)
        publish(keys, after: 5)
        #expect(await soon { waiter.hasEnded }, "the subscriber is woken")
        #expect(told(id) == "6 7")
        #expect(told(id) == "wait")
    }

    @Test("a subscriber to everything is woken by a commit that changes no key")
    func emptyCommit() async {
        let id = subscriber(to: .all)
        let waiter = await wait(id)
        var recorder = ChangeRecorder(after: Self.revision(5), readsPrevious: false)
        var batch = WriteBatch()
        batch.delete(KeyRange.prefix("nothing"))
        recorder.accept(batch, Self.revision(6))
        feed.publish(recorder, feed.demand)
        #expect(await soon { waiter.hasEnded }, "the subscriber is woken")
        #expect(told(id) == "6")
    }

    @Test("a subscriber is woken for a gap before a commit that does not concern it")
    func gapBeforeCommit() async {
        let id = subscriber(to: .prefix("z"))
        let waiter = await wait(id)
        publish(["a"], after: 7)
        #expect(await soon { waiter.hasEnded }, "the subscriber is woken")
        #expect(told(id) == "gap 5 7")
        #expect(told(id) == "8")
    }

    @Test("a subscriber is woken for commits of another process, and is told them as a gap")
    func othersCommits() async {
        let id = subscriber(to: .prefix("z"))
        let waiter = await wait(id)
        feed.advance(to: Self.revision(7), feed.demand)
        #expect(await soon { waiter.hasEnded }, "the subscriber is woken")
        #expect(told(id) == "gap 5 7")
        #expect(told(id) == "wait")
    }

    @Test("who waits before it is known where it begins is told what it missed")
    func begins() async {
        _ = subscriber(to: .all)
        let id = feed.subscribe(.all, after: Self.revision(4), needsPrevious: false)
        let waiter = await wait(id)
        publish(["a"], after: 5)
        #expect(await soon { waiter.hasEnded }, "the subscriber is woken")
        #expect(told(id) == "5 6")
    }

    @Test("a commit that comes between a look and the wait after it is not slept through")
    func between() async {
        let id = subscriber(to: .all)
        #expect(told(id) == "wait")
        publish(["a"], after: 5)
        let waiter = await wait(id)
        #expect(await soon { waiter.hasEnded }, "the wait is over at once")
        #expect(told(id) == "6")
    }

    @Test("who waits is let go when its subscription ends, and when its task is cancelled")
    func letGo() async {
        let first = subscriber(to: .all)
        let waiting = await wait(first)
        feed.unsubscribe(first)
        #expect(await soon { waiting.hasEnded }, "the unsubscribed one is let go")
        #expect(told(first) == "unsubscribed")
        let second = feed.subscribe(.all, after: nil, needsPrevious: false)
        let cancelled = await wait(second)
        cancelled.cancel()
        #expect(await soon { cancelled.hasEnded }, "the cancelled one is let go")
        #expect(feed.count == 0)
    }

    @Test("the end wakes who waits, and all are told what is left and then why it ended")
    func ends() async {
        let first = subscriber(to: .all)
        publish(["a"], after: 5)
        #expect(told(first) == "6")
        let waiter = await wait(first)
        let late = feed.subscribe(.all, after: Self.revision(5), needsPrevious: false)
        #expect(feed.beginLooking())
        feed.finish(StoreError(.writesRefused, "The outcome of a commit is unknown."))
        feed.finish(StoreError(.closed, "The store was closed."))
        #expect(await soon { waiter.hasEnded }, "who waits is woken")
        #expect(told(first) == "end writesRefused")
        #expect(told(late) == "6")
        #expect(told(late) == "end writesRefused")
        let another = await wait(late)
        #expect(await soon { another.hasEnded }, "nobody waits after the end")
        #expect(!feed.goesOnLooking())
    }
}

extension FeedWakingTests {
    private static func revision(_ number: UInt64) -> Revision { Revision(rawValue: number) }

    /// A subscriber that knows of everything up to commit 5.
    private func subscriber(to range: KeyRange) -> ChangeFeed.SubscriberID {
        let id = feed.subscribe(range, after: nil, needsPrevious: false)
        publish(["first"], after: 4)
        #expect(told(id) == "5")
        return id
    }

    /// Publishes a group: a commit for each key, the first one after `last`.
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

    /// What there is for a subscriber.
    private func told(_ id: ChangeFeed.SubscriberID) -> String {
        switch feed.take(id, limit: 9) {
        case .wait: "wait"
        case .gap(let start, let end): "gap \(start) \(end)"
        case .records(let records): records.map(\.revision.description).joined(separator: " ")
        case .end(let error): "end \(error.code)"
        case .unsubscribed: "unsubscribed"
        }
    }

    /// Begins a wait, and returns when it has begun, or is over already.
    private func wait(_ id: ChangeFeed.SubscriberID) async -> WatchedCall<Void> {
        let feed = feed
        let waiter = WatchedCall { await feed.wait(id) }
        let hasBegun = await soon {
            waiter.hasEnded || feed.state.withLock { state in state.waiting.contains { $0.id == id } }
        }
        #expect(hasBegun, "the wait has begun")
        return waiter
    }
}

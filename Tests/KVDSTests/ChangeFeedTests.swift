import Testing

@testable import KVDS
@testable import KVDSTesting

@Suite("The change feed inside a store", .timeLimit(.minutes(2)))
struct ChangeFeedTests {
    private let faults = Faults()

    private static func revision(_ number: UInt64) -> Revision { Revision(rawValue: number) }

    @Test("a store whose last subscriber has left records nothing and keeps nothing")
    func nobody() async throws {
        let store = try await FaultyStore.open(faults)
        do {
            var events = store.changes(options: ChangeOptions(previousValues: true)).makeAsyncIterator()
            try await store.set("a", to: "1")
            #expect(try await events.next()?.revision == Self.revision(1))
        }
        #expect(store.feed.count == 0)
        #expect(store.feed.state.withLock { $0.log.count } == 0)
        let (reads, pages) = (faults.count(.read), faults.count(.fill))
        try await store.set("a", to: "2")
        try await store.delete(in: .all)
        // Without a subscriber, neither previous values nor the keys of the range were read.
        #expect(faults.count(.read) == reads && faults.count(.fill) == pages)
        #expect(store.feed.state.withLock { $0.log.count } == 0)

        // A new subscriber receives the following commits, and a resuming one an exact gap.
        var new = store.changes().makeAsyncIterator()
        var back = store.changes(since: Self.revision(1)).makeAsyncIterator()
        try await store.set("b", to: "1")
        let event = ChangeEvent.commit(Self.revision(4), [Change(key: "b", value: "1")])
        #expect(try await new.next() == event)
        #expect(try await back.next() == .gap(from: Self.revision(1), to: Self.revision(3)))
        #expect(try await back.next() == event)
        try await store.close()
    }

    @Test("a change log that begins at opening continues without subscribers")
    func always() async throws {
        let store = try await FaultyStore.open(faults, changeRetention: ChangeRetention(beginsAtOpening: true))
        do { _ = store.changes().makeAsyncIterator() }
        for step in 1...3 { try await store.set("k", to: Bytes("\(step)")) }
        var events = store.changes(since: .zero).makeAsyncIterator()
        for step in 1...3 as ClosedRange<UInt64> {
            let change = Change(key: "k", value: Bytes("\(step)"))
            #expect(try await events.next() == .commit(Self.revision(step), [change]))
        }
        try await store.close()
    }

    @Test("a commit under way when the last subscriber leaves is not kept in the change log")
    func underWay() async throws {
        let store = try await FaultyStore.open(faults)
        var events: Changes.Iterator? = store.changes().makeAsyncIterator()
        faults.holdCommits()
        let commit = Task { try await store.set("a", to: "1") }
        await faults.commitIsHeld()
        _ = events.take()
        faults.releaseCommits()
        _ = try await commit.value
        #expect(store.feed.state.withLock { $0.log.count } == 0)
        try await store.set("a", to: "2")
        // If the record were kept, this subscriber would begin after it and receive a gap.
        var new = store.changes().makeAsyncIterator()
        try await store.set("a", to: "3")
        #expect(try await new.next() == .commit(Self.revision(3), [Change(key: "a", value: "3")]))
        try await store.close()
    }

    @Test("a subscriber that asks for previous values during a commit without them receives no gap")
    func previousUnderWay() async throws {
        let store = try await FaultyStore.open(faults)
        var plain = store.changes().makeAsyncIterator()
        try await store.set("a", to: "1")
        faults.holdCommits()
        let commit = Task { try await store.set("a", to: "2") }
        await faults.commitIsHeld()
        var events = store.changes(options: ChangeOptions(previousValues: true)).makeAsyncIterator()
        faults.releaseCommits()
        _ = try await commit.value
        try await store.set("a", to: "3")
        #expect(
            try await events.next() == .commit(Self.revision(3), [Change(key: "a", value: "3", previous: "2")]))
        for number in 1...3 as ClosedRange<UInt64> {
            #expect(try await plain.next()?.revision == Self.revision(number))
        }
        try await store.close()
    }

    @Test("a subscriber can resume at a snapshot's revision before its commit is published")
    func readBeforePublished() {
        let feed = ChangeFeed(retention: ChangeRetention())
        func publish(_ revision: UInt64, _ demand: ChangeInterest) {
            var recorder = ChangeRecorder(after: Self.revision(revision - 1), readsPrevious: false)
            var batch = WriteBatch()
            batch.set("k", to: "v")
            recorder.accept(batch, Self.revision(revision))
            feed.publish(recorder, demand)
        }
        func step(_ id: SubscriberID) -> String {
            switch feed.take(id, limit: 9) {
            case .wait: "wait"
            case .gap(let start, let end): "gap \(start) \(end)"
            case .records(let records): records.map(\.revision.description).joined(separator: " ")
            case .end: "end"
            case .unsubscribed: "unsubscribed"
            }
        }
        let first = feed.subscribe(.all, after: nil, needsPrevious: false)
        publish(5, feed.demand)
        // Commit 6 is readable, then a subscriber resumes after it, then it is published.
        let demand = feed.demand
        let known = feed.subscribe(.all, after: Self.revision(6), needsPrevious: false)
        let ahead = feed.subscribe(.all, after: Self.revision(7), needsPrevious: false)
        publish(6, demand)
        #expect(step(known) == "wait" && step(ahead) == "wait")
        feed.advance(to: Self.revision(6), feed.demand)
        #expect(step(known) == "wait")
        #expect(step(ahead) == "gap 7 6")
        publish(7, feed.demand)
        #expect(step(first) == "5 6 7")
        #expect(step(known) == "7")
        #expect(step(ahead) == "7")
    }

    @Test("a commit wakes only the subscribers it concerns, and the others receive no gap later")
    func woken() async throws {
        let history = ChangeRetention(maximumCommits: 10)
        let store = try await FaultyStore.open(faults, changeRetention: history)
        let ranges = ["a", "b", "c"].map { KeyRange.prefix(Bytes($0)) }
        let waiting = ranges.map { range in
            let subscription = StoreConformance.Subscription(store.changes(in: range))
            return Task { try await subscription.next() }
        }
        while store.feed.state.withLock({ $0.waiting.count }) < 3 { await Task.yield() }
        try await store.set("a1", to: "1")
        #expect(try await waiting[0].value == .commit(Self.revision(1), [Change(key: "a1", value: "1")]))
        // The first commit gives all of them the current revision. The others then wait again.
        while store.feed.state.withLock({ $0.waiting.count }) < 2 { await Task.yield() }
        // More commits than the change log holds, none of which concerns the waiting subscribers.
        for step in 0..<50 { try await store.set("x", to: Bytes("\(step)")) }
        #expect(store.feed.state.withLock { $0.waiting.count } == 2)
        try await store.write { batch in for key in ["x", "b1", "c1"] { batch.set(Bytes(key), to: "2") } }
        #expect(try await waiting[1].value == .commit(Self.revision(52), [Change(key: "b1", value: "2")]))
        #expect(try await waiting[2].value == .commit(Self.revision(52), [Change(key: "c1", value: "2")]))
        try await store.close()
    }

    @Test("an observation shows the newest state after an error, without another commit")
    func observeAfterError() async throws {
        let store = try await FaultyStore.open(faults)
        let states = ObservedStates(store.observe(prefix: "u"))
        #expect(try await states.next() == [])
        try await store.set("u1", to: "1")
        for point in [Faults.Point.snapshot, .fill] {
            faults.fail(point, with: StoreError(.tooManySnapshots, "A fault."))
            let answer = WatchedCall { await answerCode { _ = try await states.next() } }
            try #require(await answer.outcome() == "tooManySnapshots")
        }
        let newest: [Entry]? = await WatchedCall { try? await states.next() }.outcome() ?? nil
        try #require(newest == [Entry(key: "u1", value: "1")])
        try await store.set("u2", to: "2")
        #expect(try await states.next()?.count == 2)
        try await store.close()
    }

    @Test("a subscriber pauses before it waits only if wake-ups come in quick succession")
    func pace() {
        let start = ContinuousClock.now
        var pace = WakeupThrottle()
        #expect(pace.pause() == nil)
        pace.woken(at: start)
        #expect(pace.pause() == nil)
        pace.woken(at: start + .microseconds(100))
        #expect(pace.pause() == WakeupThrottle.pauseLength)
        // After a pause with events it pauses once more. After one without events it waits.
        pace.took()
        #expect(pace.pause() == WakeupThrottle.pauseLength)
        #expect(pace.pause() == nil)
        pace.woken(at: start + .milliseconds(50))
        #expect(pace.pause() == nil)
    }
}

import Synchronization

/// The subscribers of a store, and what there is to tell them.
///
/// The store's writer appends each commit to one ring. A subscriber reads from it at its own pace, filters what it reads on
/// its own time, and is woken only when it waits, and only for what concerns it:
///
///     reads or sleeps elsewhere    costs the writer nothing
///     waits, is not concerned      a comparison of keys
///     waits, is concerned          one wake, after which it reads until nothing is left
///
/// Where a subscription begins is known by the first commit that begins after it: that one says where the store was. A
/// commit that was under way meanwhile says nothing of it, as it may have been read before it was published.
final class ChangeFeed: Sendable {
    typealias SubscriberID = UInt64
    typealias Waker = CheckedContinuation<Void, Never>

    struct State {
        var ring: ChangeLog
        var subscribers: [SubscriberID: ChangeSubscriber] = [:]
        /// Those whose place is not known yet, by age.
        var beginners: [SubscriberID] = []
        var waiting: [ChangeSubscriber.Waiting] = []
        var lastID: SubscriberID = 0
        /// Why there will be no more commits.
        var end: StoreError?
        /// Whether somebody looks for commits of other processes.
        var isLookedAfter = false

        /// Whether anybody, now or later, may want to know of a commit.
        var isRecorded: Bool { ring.history.beginsAtOpening || !subscribers.isEmpty }
    }

    private let demandWord: Atomic<UInt64>
    let state: Monitor<State>

    init(history: ChangeRetention) {
        let state = State(ring: ChangeLog(history: history))
        demandWord = Atomic(state.demand.rawValue)
        self.state = Monitor(state)
    }

    /// What a commit that begins now has to record.
    var demand: ChangeInterest { ChangeInterest(rawValue: demandWord.load(ordering: .relaxed)) }

    /// How many subscribers there are.
    var count: Int { state.withLock { $0.subscribers.count } }

    /// Begins a subscription after `since`, or now.
    func subscribe(_ range: KeyRange, after since: Revision?, needsPrevious: Bool) -> SubscriberID {
        state.withLock { state in
            state.lastID += 1
            // Who comes when all is over is told so, and nothing else.
            if state.end != nil { return state.lastID }
            state.subscribers[state.lastID] = ChangeSubscriber(
                range: range, needsPrevious: needsPrevious, place: .beginning(since: since))
            state.beginners.append(state.lastID)
            demandWord.store(state.demand.rawValue, ordering: .relaxed)
            return state.lastID
        }
    }

    /// Ends a subscription; one that waits is woken. With the last one the history is forgotten, unless it is kept for those
    /// who come later.
    func unsubscribe(_ id: SubscriberID) {
        let waker = state.withLock { state -> Waker? in
            guard state.subscribers.removeValue(forKey: id) != nil else { return nil }
            state.beginners.removeAll { $0 == id }
            if !state.isRecorded { state.ring = ChangeLog(history: state.ring.history) }
            demandWord.store(state.demand.rawValue, ordering: .relaxed)
            return state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).waker }
        }
        waker?.resume()
    }

    /// Makes the commits of a group known. Called after they can be read and before their callers know of them.
    ///
    /// - Parameter demand: what ``demand`` was when the group began.
    func publish(_ recorder: ChangeRecorder, _ demand: ChangeInterest) {
        guard let first = recorder.first else { return }
        let wakers = state.withLock { state -> [Waker] in
            // The last subscriber may have gone since then.
            guard state.isRecorded else { return [] }
            state.begin(demand, at: first.after)
            let last = state.ring.last ?? first.after
            state.ring.append(first)
            for record in recorder.others { state.ring.append(record) }
            if state.waiting.isEmpty { return [] }
            let isNext = first.after == last
            return state.wake(after: last) { waiting in
                !isNext || waiting.takesAll || first.mayConcern(waiting.range)
                    || recorder.others.contains { $0.mayConcern(waiting.range) }
                    || (waiting.isBeginning && waiting.id <= demand.newest)
            }
        }
        for waker in wakers { waker.resume() }
    }

    /// Makes known which commit is the last, where that was not one of this store's own.
    func advance(to revision: Revision, _ demand: ChangeInterest) {
        let wakers = state.withLock { state -> [Waker] in
            guard state.isRecorded else { return [] }
            state.begin(demand, at: revision)
            let last = state.ring.last ?? revision
            let isNews = state.ring.advance(to: revision)
            return state.wake(after: last) { $0.isBeginning || isNews }
        }
        for waker in wakers { waker.resume() }
    }

    /// There will be no more commits: subscribers are told what is left, then `error`.
    func finish(_ error: StoreError) {
        let wakers = state.withLock { state in
            state.end = state.end ?? error
            if let last = state.ring.last { state.begin(ChangeInterest(.nothing, newest: state.lastID), at: last) }
            defer { state.waiting = [] }
            return state.waiting.map(\.waker)
        }
        for waker in wakers { waker.resume() }
    }
}

extension ChangeFeed.State {
    fileprivate var demand: ChangeInterest {
        guard isRecorded else { return ChangeInterest(.nothing, newest: lastID) }
        let needsPrevious = subscribers.values.contains { $0.needsPrevious }
        return ChangeInterest(needsPrevious ? .previousValues : .values, newest: lastID)
    }

    /// Notes where the store was when a commit began, for those who subscribed before that.
    fileprivate mutating func begin(_ demand: ChangeInterest, at revision: Revision) {
        if beginners.isEmpty { return }
        for id in beginners where id <= demand.newest { subscribers[id]?.begin(at: revision) }
        beginners.removeAll { $0 <= demand.newest }
    }

    /// Takes those out who wait and are concerned; the others need not be told.
    ///
    /// - Parameter last: where those are who have been told everything.
    fileprivate mutating func wake(
        after last: Revision, _ isConcerned: (ChangeSubscriber.Waiting) -> Bool
    ) -> [ChangeFeed.Waker] {
        let first = waiting.partition(by: isConcerned)
        defer { waiting.removeSubrange(first...) }
        return waiting[first...].map { woken in
            subscribers[woken.id]?.goOn(after: last)
            return woken.waker
        }
    }
}

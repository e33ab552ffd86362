import Synchronization

/// The subscribers of a store, and the change log that they read.
///
/// The store's writer appends each commit to one change log. A subscriber reads from it at its own pace, and filters
/// the records on its own time. It is woken only when it waits, and only for commits that may concern it:
///
///     subscriber                      cost for the writer
///     reads, or sleeps elsewhere      nothing
///     waits, is not concerned         a comparison of keys
///     waits, is concerned             one wakeup, after which it reads until nothing is left
///
/// The start of a subscription is determined by the first commit that begins after it, which provides the store's
/// revision at that time. A commit already in progress does not determine it, because the subscriber may have read that
/// commit before it is published.
final class ChangeFeed: Sendable {
    typealias Waker = CheckedContinuation<Void, Never>

    struct State {
        var log: ChangeLog
        var subscribers: [SubscriberID: ChangeSubscriber] = [:]
        /// The subscribers whose position is not known yet, by age.
        var beginners: [SubscriberID] = []
        var waiting: [ChangeSubscriber.Waiting] = []
        var lastID = SubscriberID.zero
        /// The reason why there will be no more commits; nil while there may be.
        var end: StoreError?
        /// Whether a task polls for commits of other processes.
        var isPolled = false

        /// Whether commits are recorded, for current or later subscribers.
        var isRecorded: Bool { log.retention.beginsAtOpening || !subscribers.isEmpty }
    }

    private let demandWord: Atomic<UInt64>
    let state: Monitor<State>

    init(retention: ChangeRetention) {
        let state = State(log: ChangeLog(retention: retention))
        demandWord = Atomic(state.demand.rawValue)
        self.state = Monitor(state)
    }

    /// What a commit that begins now must record.
    var demand: ChangeInterest { ChangeInterest(rawValue: demandWord.load(ordering: .relaxed)) }

    /// The number of subscribers.
    var count: Int { state.withLock { $0.subscribers.count } }

    /// Begins a subscription after `since`, or from now on if it is nil.
    func subscribe(_ range: KeyRange, after since: Revision?, needsPrevious: Bool) -> SubscriberID {
        state.withLock { state in
            state.lastID = state.lastID.next
            // A subscriber that comes after the end receives only the error.
            if state.end != nil { return state.lastID }
            state.subscribers[state.lastID] = ChangeSubscriber(
                range: range, needsPrevious: needsPrevious, place: .beginning(since: since))
            state.beginners.append(state.lastID)
            demandWord.store(state.demand.rawValue, ordering: .relaxed)
            return state.lastID
        }
    }

    /// Ends a subscription, and wakes the subscriber if it waits. With the last subscriber the change log is discarded,
    /// unless it is kept for later ones.
    func unsubscribe(_ id: SubscriberID) {
        let waker = state.withLock { state -> Waker? in
            guard state.subscribers.removeValue(forKey: id) != nil else { return nil }
            state.beginners.removeAll { $0 == id }
            if !state.isRecorded { state.log = ChangeLog(retention: state.log.retention) }
            demandWord.store(state.demand.rawValue, ordering: .relaxed)
            return state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).waker }
        }
        waker?.resume()
    }

    /// Publishes the commits of a group. Called after they can be read and before their callers are resumed.
    ///
    /// - Parameters:
    ///   - recorder: the records of the group.
    ///   - demand: the value of ``demand`` when the group began.
    func publish(_ recorder: ChangeRecorder, _ demand: ChangeInterest) {
        guard let first = recorder.first else { return }
        let wakers = state.withLock { state -> [Waker] in
            // The last subscriber may have left since then.
            guard state.isRecorded else { return [] }
            state.begin(demand, at: first.after)
            let last = state.log.last ?? first.after
            state.log.append(first)
            for record in recorder.others { state.log.append(record) }
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

    /// Publishes the store's revision without a commit, after a group that changed nothing. A subscriber for which
    /// commits up to it are missing receives a gap.
    func advance(to revision: Revision, _ demand: ChangeInterest) {
        let wakers = state.withLock { state -> [Waker] in
            guard state.isRecorded else { return [] }
            state.begin(demand, at: revision)
            let last = state.log.last ?? revision
            let isNews = state.log.advance(to: revision)
            return state.wake(after: last) { $0.isBeginning || isNews }
        }
        for waker in wakers { waker.resume() }
    }

    /// Ends the feed: subscribers receive the remaining events, then `error`.
    func finish(_ error: StoreError) {
        let wakers = state.withLock { state in
            state.end = state.end ?? error
            if let last = state.log.last { state.begin(ChangeInterest(.nothing, newest: state.lastID), at: last) }
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

    /// Notes the store's revision when a commit began, for the subscribers that came before it.
    fileprivate mutating func begin(_ demand: ChangeInterest, at revision: Revision) {
        if beginners.isEmpty { return }
        for id in beginners where id <= demand.newest { subscribers[id]?.begin(at: revision) }
        beginners.removeAll { $0 <= demand.newest }
    }

    /// Removes the waiting subscribers that are concerned. The others continue to wait.
    ///
    /// - Parameters:
    ///   - last: the position of subscribers that have received everything.
    ///   - isConcerned: whether a subscriber must be woken.
    /// - Returns: the wakers to resume.
    fileprivate mutating func wake(
        after last: Revision, _ isConcerned: (ChangeSubscriber.Waiting) -> Bool
    ) -> [ChangeFeed.Waker] {
        let first = waiting.partition(by: isConcerned)
        defer { waiting.removeSubrange(first...) }
        return waiting[first...].map { woken in
            subscribers[woken.id]?.resume(after: last)
            return woken.waker
        }
    }
}

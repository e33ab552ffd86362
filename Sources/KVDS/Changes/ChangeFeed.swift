import Synchronization

/// The subscribers of a store, and what there is to tell them.
///
/// The store's writer appends to one ring; each subscriber reads from it at its own pace and is woken only for what
/// concerns it. Nothing is copied for a subscriber, and none is waited for.
final class ChangeFeed: Sendable {
    /// How much a commit has to record.
    enum Mode: UInt8 {
        case nothing, values, previousValues
    }

    typealias Waker = CheckedContinuation<Void, Never>

    private struct Subscriber {
        let range: KeyRange
        let needsPrevious: Bool
        /// The last commit it was told of, or need not be told of; nil until it is known where the store is.
        var position: Revision?
        /// Set while it waits.
        var waker: Waker?
    }

    private struct State {
        var ring: ChangeRing
        var subscribers: [UInt64: Subscriber] = [:]
        var lastID: UInt64 = 0
        /// Why there will be no more commits.
        var end: StoreError?
        /// Whether somebody looks for commits of other processes.
        var isLookedAfter = false
    }

    private let mode: Atomic<UInt8>
    private let state: Monitor<State>

    init(history: ChangeHistory) {
        mode = Atomic((history.beginsAtOpening ? Mode.values : .nothing).rawValue)
        state = Monitor(State(ring: ChangeRing(history: history)))
    }

    /// What the next commit has to record. A commit that is called for after ``subscribe(_:after:_:)`` returned finds what
    /// that asked for: whoever calls for it has seen that, and hands it on with the commit through the queue's lock.
    var currentMode: Mode { Mode(rawValue: mode.load(ordering: .relaxed)) ?? .nothing }

    /// How many subscribers there are.
    var count: Int { state.withLock { $0.subscribers.count } }

    /// Begins a subscription after `since`, or now.
    func subscribe(_ range: KeyRange, after since: Revision?, needsPrevious: Bool) -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            // Who comes when all is over is told so, and nothing else.
            if state.end != nil { return state.lastID }
            state.subscribers[state.lastID] = Subscriber(
                range: range, needsPrevious: needsPrevious, position: since ?? state.ring.last)
            setMode(state)
            return state.lastID
        }
    }

    /// Ends a subscription; one that waits is woken.
    func unsubscribe(_ id: UInt64) {
        let waker = state.withLock { state in
            let subscriber = state.subscribers.removeValue(forKey: id)
            setMode(state)
            return subscriber?.waker
        }
        waker?.resume()
    }

    /// Once something was recorded, values are recorded until the store closes, for those who come back.
    private func setMode(_ state: State) {
        let needsPrevious = state.subscribers.values.contains { $0.needsPrevious }
        mode.store((needsPrevious ? Mode.previousValues : .values).rawValue, ordering: .relaxed)
    }

    /// Makes the commits of a group known. Called after they can be read and before their callers know of them.
    func publish(_ records: [ChangeRing.Record]) {
        wake { state in
            let isNext = records.first?.after == state.ring.last ?? records.first?.after
            state.ring.append(records)
            return { subscriber in !isNext || records.contains { $0.concerns(subscriber.range) } }
        }
    }

    /// Makes known which commit is the last, where that was not one of this store's own.
    func advance(to revision: Revision) {
        wake { state in
            let isNews = state.ring.advance(to: revision)
            return { _ in isNews }
        }
    }

    /// There will be no more commits: subscribers are told what is left, then `error`.
    func finish(_ error: StoreError) {
        wake { state in
            state.end = state.end ?? error
            return { _ in true }
        }
    }

    /// Changes the state, and wakes the waiting subscribers whom that concerns. The others need not be told.
    private func wake(_ change: (inout State) -> (Subscriber) -> Bool) {
        let wakers = state.withLock { state -> [Waker] in
            let concerns = change(&state)
            var wakers: [Waker] = []
            // By index: to iterate would be to hold a copy, and to change it then to make one.
            var index = state.subscribers.startIndex
            while index < state.subscribers.endIndex {
                let subscriber = state.subscribers.values[index]
                if let waker = subscriber.waker {
                    if concerns(subscriber) {
                        state.subscribers.values[index].waker = nil
                        wakers.append(waker)
                    } else {
                        state.subscribers.values[index].position = state.ring.last
                    }
                }
                state.subscribers.formIndex(after: &index)
            }
            return wakers
        }
        for waker in wakers { waker.resume() }
    }
}

extension ChangeFeed {
    /// What is next for a subscriber.
    enum Step {
        case wait
        case gap(from: Revision, to: Revision)
        case records([ChangeRing.Record])
        /// There is nothing more.
        case end(StoreError)
        /// It was unsubscribed.
        case unsubscribed
    }

    /// Takes what is there for a subscriber, at most `limit` commits.
    func take(_ id: UInt64, limit: Int) -> Step {
        state.withLock { state in
            guard let subscriber = state.subscribers[id] else { return state.end.map(Step.end) ?? .unsubscribed }
            guard let position = subscriber.position ?? state.ring.origin else {
                return state.end.map(Step.end) ?? .wait
            }
            switch state.ring.answer(after: position, limit: limit, needsPrevious: subscriber.needsPrevious) {
            case .nothing: return state.end.map(Step.end) ?? .wait
            case .gap(let end):
                state.subscribers[id]?.position = end
                return .gap(from: position, to: end)
            case .records(let records):
                state.subscribers[id]?.position = records.last?.revision
                return .records(records)
            }
        }
    }

    /// - Returns: whether the caller is to begin to look for commits of other processes.
    func beginLooking() -> Bool {
        state.withLock { state in
            defer { state.isLookedAfter = true }
            return !state.isLookedAfter
        }
    }

    /// Whether there is still anybody to look for.
    func goesOnLooking() -> Bool {
        state.withLock { state in
            state.isLookedAfter = !state.subscribers.isEmpty && state.end == nil
            return state.isLookedAfter
        }
    }

    /// Whether the feed does not know of `revision` yet.
    func isBehind(_ revision: Revision) -> Bool {
        state.withLock { state in state.ring.last.map { $0 < revision } ?? false }
    }

    /// Waits until there is something to take. A subscriber whose task is cancelled is unsubscribed.
    func wait(_ id: UInt64) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (waker: Waker) in
                let isOver = state.withLock { state in
                    // A task that is cancelled from here on finds the waker.
                    guard let subscriber = state.subscribers[id], !Task.isCancelled, state.end == nil,
                        state.ring.last == nil || subscriber.position ?? state.ring.origin == state.ring.last
                    else { return true }
                    state.subscribers[id]?.waker = waker
                    return false
                }
                if isOver { waker.resume() }
            }
        } onCancel: {
            unsubscribe(id)
        }
    }
}

extension ChangeRing.Record {
    /// Whether a subscriber to `range` is to be told.
    func concerns(_ range: KeyRange) -> Bool {
        range == .all || changes.contains { range.contains($0.key) }
    }

    /// What a subscriber to `range` is told.
    func event(in range: KeyRange, previousValues: Bool) -> ChangeEvent? {
        if range == .all, previousValues == hasPrevious { return .commit(revision, changes) }
        var inside = range == .all ? changes : changes.filter { range.contains($0.key) }
        if inside.isEmpty, range != .all { return nil }
        if hasPrevious, !previousValues {
            for index in inside.indices { inside[index].previous = nil }
        }
        return .commit(revision, inside)
    }
}

import KVDS

/// The changes of a model store: all of them, from its first commit on.
final class ModelFeed: Sendable {
    private struct State {
        /// What each commit changed, with previous values; the first has revision 1.
        var commits: [[Change]] = []
        var end: StoreError?
        var bells: [Int: AsyncStream<Void>.Continuation] = [:]
        var lastBell = 0
    }

    private let state = Monitor(State())

    /// Adds the next commit.
    func append(_ changes: [Change]) {
        state.withLock { state in
            state.commits.append(changes)
            for bell in state.bells.values { bell.yield() }
        }
    }

    /// There will be no more commits.
    func finish(_ error: StoreError) {
        state.withLock { state in
            state.end = state.end ?? error
            for bell in state.bells.values { bell.yield() }
        }
    }

    /// Begins a subscription.
    ///
    /// - Returns: where the store is, whether that is its end, a stream that rings when there is news, and the number to
    ///   hand to ``leave(_:)``.
    func join() -> (revision: Revision, isOver: Bool, news: AsyncStream<Void>, number: Int) {
        let (news, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        return state.withLock { state in
            state.lastBell += 1
            state.bells[state.lastBell] = bell
            return (Revision(rawValue: UInt64(state.commits.count)), state.end != nil, news, state.lastBell)
        }
    }

    func leave(_ number: Int) { state.withLock { $0.bells[number] = nil } }

    /// The commit after `revision`; nil when there is none yet.
    ///
    /// - Throws: why there will be none.
    func commit(after revision: Revision) throws(StoreError) -> [Change]? {
        try state.withLock { state throws(StoreError) -> [Change]? in
            let index = Int(revision.rawValue)
            if index < state.commits.count { return state.commits[index] }
            if let end = state.end { throw end }
            return nil
        }
    }
}

/// One subscription to a model store's changes.
///
/// `@unchecked Sendable` is right because a subscription is used by one iteration.
final class ModelSubscription: ChangeSource, @unchecked Sendable {
    private let feed: ModelFeed
    private let range: KeyRange
    private let options: ChangeOptions
    private let number: Int
    private var news: AsyncStream<Void>.Iterator
    private var position: Revision
    private var gap: ChangeEvent?

    init(_ feed: ModelFeed, _ range: KeyRange, since: Revision?, _ options: ChangeOptions) {
        self.feed = feed
        self.range = range
        self.options = options
        let (revision, isOver, news, number) = feed.join()
        self.number = number
        self.news = news.makeAsyncIterator()
        if let since, since > revision { gap = .gap(from: since, to: revision) }
        // Who comes when all is over is told so, and nothing else.
        position = isOver ? revision : min(since ?? revision, revision)
    }

    deinit { end() }

    func end() { feed.leave(number) }

    func nextEvents() async throws(StoreError) -> [ChangeEvent] {
        if let gap {
            self.gap = nil
            return [gap]
        }
        while true {
            if Task.isCancelled { throw StoreError(.cancelled, "The task that observes was cancelled.") }
            guard let changes = try feed.commit(after: position) else {
                _ = await news.next(isolation: nil)
                continue
            }
            position = Revision(rawValue: position.rawValue + 1)
            var told = changes.filter { range.contains($0.key) }
            if told.isEmpty, range != .all { continue }
            if !options.previousValues { for index in told.indices { told[index].previous = nil } }
            return [.commit(position, told)]
        }
    }
}

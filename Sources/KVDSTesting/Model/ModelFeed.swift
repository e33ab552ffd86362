import KVDS

/// The changes of a model store, from its first commit on.
final class ModelFeed: Sendable {
    private struct State {
        /// The changes of each commit, with previous values. The first commit has revision 1.
        var commits: [[Change]] = []
        var end: StoreError?
        var bells: [Int: AsyncStream<Void>.Continuation] = [:]
        var lastBell = 0
    }

    private let state = Monitor(State())

    /// Adds a commit.
    func append(_ changes: [Change]) {
        state.withLock { state in
            state.commits.append(changes)
            for bell in state.bells.values { bell.yield() }
        }
    }

    /// Ends the feed: no more commits will follow.
    func finish(_ error: StoreError) {
        state.withLock { state in
            state.end = state.end ?? error
            for bell in state.bells.values { bell.yield() }
        }
    }

    /// Begins a subscription.
    ///
    /// - Returns: the current revision, whether the feed has ended, a stream that signals new commits, and the number
    ///   to pass to ``leave(_:)``.
    func join() -> (revision: Revision, isOver: Bool, news: AsyncStream<Void>, number: Int) {
        let (news, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        return state.withLock { state in
            state.lastBell += 1
            state.bells[state.lastBell] = bell
            return (Revision(rawValue: UInt64(state.commits.count)), state.end != nil, news, state.lastBell)
        }
    }

    func leave(_ number: Int) { state.withLock { $0.bells[number] = nil } }

    /// Returns the commit after `revision`, or nil if there is none yet.
    ///
    /// - Throws: the error that ended the feed, if no more commits will follow.
    func commit(after revision: Revision) throws(StoreError) -> [Change]? {
        try state.withLock { state throws(StoreError) -> [Change]? in
            let index = Int(revision.rawValue)
            if index < state.commits.count { return state.commits[index] }
            if let end = state.end { throw end }
            return nil
        }
    }
}

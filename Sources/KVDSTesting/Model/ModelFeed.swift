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

import KVDS

/// A store whose first commits wait for each other: all who make them have read before any of them writes.
///
/// Between a read and a commit a store may never suspend its caller, and then tasks meet by chance only.
final class RendezvousStore: StoreLayer {
    private struct State {
        var missing: Int
        var held: [CheckedContinuation<Void, Never>] = []
    }

    let base: any KeyValueStore
    private let state: Monitor<State>

    /// - Parameter commits: how many wait for each other; those after them wait for nobody.
    init(_ base: any KeyValueStore, commits: Int) {
        self.base = base
        state = Monitor(State(missing: commits))
    }

    func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        await withCheckedContinuation { caller in
            let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                state.missing -= 1
                state.held.append(caller)
                if state.missing > 0 { return [] }
                defer { state.held = [] }
                return state.held
            }
            for caller in ready { caller.resume() }
        }
        return try await base.commit(batch)
    }
}

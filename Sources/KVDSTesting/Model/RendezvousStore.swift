package import KVDS

/// A store whose first commits wait for each other, so that all their callers have read before any of them writes.
///
/// Without this, tasks would overlap only by chance, because a store may never suspend its caller between a read and a
/// commit.
package final class RendezvousStore: BareLayer {
    private struct State {
        var missing: Int
        var held: [CheckedContinuation<Void, Never>] = []
    }

    package let base: any KeyValueStore
    private let state: Monitor<State>

    /// - Parameter commits: the number of commits that wait for each other. Later commits do not wait.
    package init(_ base: any KeyValueStore, commits: Int) {
        self.base = base
        state = Monitor(State(missing: commits))
    }

    package func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
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

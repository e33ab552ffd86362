import KVDSTesting

@testable import KVDS

/// A store that executes calls immediately but can hold back the result of one read or commit.
final class LateAnswer: BareLayer {
    enum Call {
        case read, commit
    }

    private struct State {
        /// The kind of call whose next result is held.
        var call: Call?
        var held: CheckedContinuation<Void, Never>?
    }

    let base: any KeyValueStore
    private let state = Monitor(State())

    init(_ base: any KeyValueStore) { self.base = base }

    /// Holds the result of the next call of this kind.
    func hold(_ call: Call) { state.withLock { $0.call = call } }

    var isHolding: Bool { state.withLock { $0.held != nil } }

    func release() {
        let caller = state.withLock { state in
            defer { state.held = nil }
            return state.held
        }
        caller?.resume()
    }

    func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        let value = try await base.get(key)
        await pass(.read)
        return value
    }

    func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        let result = try await base.commit(batch)
        await pass(.commit)
        return result
    }

    private func pass(_ call: Call) async {
        let isHeld = state.withLock { state in
            if state.call != call { return false }
            state.call = nil
            return true
        }
        if isHeld { await withCheckedContinuation { caller in state.withLock { $0.held = caller } } }
    }
}

#if Command
import KVDS
import KVDSTesting

/// A store that occasionally violates a guarantee, to test that the violation is detected.
final class BrokenStore: BareLayer {
    fileprivate struct State {
        var calls = 0
        var lastRevision = Revision.zero
        var values: [Bytes: Bytes] = [:]
    }

    let base: any KeyValueStore
    private let bug: PlantedBug
    private let state = Monitor(State())
    private let early: AsyncStream<WriteBatch>.Continuation

    init(_ base: any KeyValueStore, _ bug: PlantedBug) {
        self.base = base
        self.bug = bug
        let (batches, early) = AsyncStream.makeStream(of: WriteBatch.self)
        self.early = early
        Task { for await batch in batches { _ = try? await base.commit(batch) } }
    }

    func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        let value = try await base.get(key)
        guard bug == .staleRead else { return value }
        return state.withLock { state in
            let last = state.values.updateValue(value ?? Bytes(), forKey: key)
            return state.isTurn(of: 50) ? last.flatMap { $0.isEmpty ? nil : $0 } : value
        }
    }

    func exists(_ key: Bytes) async throws(StoreError) -> Bool { try await get(key) != nil }

    @discardableResult
    func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        switch bug {
        case .earlyAcknowledgement where batch.conditions.isEmpty:
            early.yield(batch)
            return .committed(revision: .zero, durability: .buffered)
        case .lostCondition where state.withLock({ $0.isTurn(of: 20) }):
            var careless = batch
            careless.conditions = []
            return try await base.commit(careless)
        case .oldRevision:
            guard case .committed(let revision, let durability) = try await base.commit(batch) else {
                return .conditionFailed(index: 0)
            }
            let reported = state.withLock { state in
                let last = state.lastRevision
                state.lastRevision = revision
                return state.isTurn(of: 20) ? last : revision
            }
            return .committed(revision: reported, durability: durability)
        default: return try await base.commit(batch, bug)
        }
    }
}

extension BrokenStore.State {
    /// Returns true on every `count`th call.
    fileprivate mutating func isTurn(of count: Int) -> Bool {
        calls += 1
        return calls % count == 0
    }
}
#endif

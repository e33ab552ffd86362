#if Command
import KVDS
import KVDSTesting

/// One run of the small workload: the results of its calls, and the possible contents of the store afterwards.
final class WorkloadRun {
    let workload: SmallWorkload
    let bug: PlantedBug?
    private(set) var possible = PossibleStates()
    private(set) var errors: [StoreError] = []
    /// The errors of writes.
    private(set) var writeErrors: [StoreError] = []
    private var snapshot: (base: any StoreSnapshot, states: PossibleStates)?
    /// Receives each step that begins and each batch that ends, for a parent that outlives this process.
    private let tell: (String) -> Void

    init(_ workload: SmallWorkload, _ bug: PlantedBug?, tell: @escaping (String) -> Void = { _ in }) {
        self.workload = workload
        self.bug = bug
        self.tell = tell
    }

    /// Runs all steps, even if some fail.
    ///
    /// - Throws: ``BrokenPromise`` if a read returns an impossible result.
    func play(on store: any KeyValueStore) async throws {
        for (index, step) in workload.steps.enumerated() {
            switch step {
            case .commit(let batches):
                tell("began \(index)")
                let results = await commit(batches, to: store)
                for (number, (batch, result)) in zip(batches, results).enumerated() {
                    note(batch, result)
                    tell("ended \(index) \(number) \(outcome(result).rawValue)")
                }
            case .get(let keys): for key in keys { try await get(key, from: store) }
            case .scan: try await scan(store, possible)
            case .takeSnapshot:
                await noting { self.snapshot = (try await store.snapshot(), self.possible) }
            case .readSnapshot: if let snapshot { try await scan(snapshot.base, snapshot.states) }
            }
        }
        snapshot = nil
    }

    /// Commits one more batch.
    func commit(_ batch: WriteBatch, to store: any KeyValueStore) async -> Result<CommitResult, StoreError> {
        let result = await commit([batch], to: store)[0]
        note(batch, result)
        return result
    }

    /// Discards the last error of a write that is retried.
    func forgetLastWriteError() { _ = writeErrors.popLast() }

    /// Checks that a scan of `reader` returns one of `states`.
    func scan(_ reader: any StoreReader, _ states: PossibleStates) async throws {
        await noting {
            let entries = try await reader.list()
            try require(
                states.allow(entries),
                "A scan shows \(PossibleStates.summary(entries)); it should be \(states.summary).")
        }
        try rethrowBrokenPromise()
    }

    private func get(_ key: Bytes, from store: any KeyValueStore) async throws {
        await noting {
            let value = try await store.get(key)
            try require(
                self.possible.allow(value, at: key),
                "\(key) has a value of \(value?.count ?? -1) bytes; it should be \(self.possible.summary).")
        }
        try rethrowBrokenPromise()
    }

    private var broken: BrokenPromise?

    private func noting(_ body: () async throws -> Void) async {
        do { try await body() } catch {
            switch error {
            case let error as StoreError: errors.append(error)
            case let error as BrokenPromise: broken = error
            default: broken = BrokenPromise("\(error) is no StoreError.")
            }
        }
    }

    private func rethrowBrokenPromise() throws { if let broken { throw broken } }

    /// Records the outcome of a batch.
    func note(_ batch: WriteBatch, _ outcome: PossibleStates.Outcome) { possible.note(batch, outcome) }

    private func note(_ batch: WriteBatch, _ result: Result<CommitResult, StoreError>) {
        if case .failure(let error) = result {
            errors.append(error)
            writeErrors.append(error)
        }
        note(batch, outcome(result))
    }

    private func outcome(_ result: Result<CommitResult, StoreError>) -> PossibleStates.Outcome {
        switch result {
        case .success(let result): PossibleStates.Outcome(result)
        case .failure(let error): PossibleStates.Outcome(error)
        }
    }

    private func commit(_ batches: [WriteBatch], to store: any KeyValueStore) async -> [Result<
        CommitResult, StoreError
    >] {
        let bug = bug
        return await withTaskGroup(of: (Int, Result<CommitResult, StoreError>).self) { group in
            for (index, batch) in batches.enumerated() {
                group.addTask {
                    do throws(StoreError) {
                        // On its own line: optimised code of Swift 6.3 loses what precedes an `await` in a tuple.
                        let result = try await store.commit(batch, bug)
                        return (index, .success(result))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var results: [(Int, Result<CommitResult, StoreError>)] = []
            for await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
#endif

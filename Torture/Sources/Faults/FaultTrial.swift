#if Command
import KVDS
import KVDSTesting

/// One run of the small workload with one fault. It checks these guarantees:
///
/// - Every call succeeds or throws a `StoreError`, and following its advice helps.
/// - Acknowledged batches are present. A failed batch left nothing behind, unless its outcome is unknown: then it is
///   present completely or not at all.
/// - The store continues to work or refuses writes. It can be closed and opened again.
/// - No descriptor stays open.
struct FaultTrial {
    let backend: TortureBackend
    let durability: TortureDurability
    let bug: PlantedBug?
    /// The store's directory, which does not exist yet.
    let path: String

    private var workload: SmallWorkload { SmallWorkload(other: durability == .durable ? .buffered : .durable) }

    /// Runs the workload without a fault.
    ///
    /// - Returns: the number of calls that each kind of fault can hit.
    func countCalls() async throws -> [Fault.Kind: Int] {
        defer { FaultyIO.watch(nil) }
        FaultyIO.watch(path)
        let run = WorkloadRun(workload, nil)
        let store = try await backend.openSmall(path, durability.durability)
        try await run.play(on: store)
        try await store.close()
        try require(run.errors.isEmpty, "Without a fault the workload fails: \(run.errors).")
        return Dictionary(uniqueKeysWithValues: Fault.Kind.allCases.map { ($0, FaultyIO.count($0.calls)) })
    }

    /// - Returns: the call that failed, or nil if there were fewer calls.
    func run(_ fault: Fault) async throws -> String? {
        defer { FaultyIO.watch(nil) }
        let descriptors = Descriptors.all
        FaultyIO.watch(path)
        FaultyIO.fail(fault)
        let run = WorkloadRun(workload, bug)
        if let store = try await open(after: run) {
            try await run.play(on: store)
            try await resume(store, run, fault)
            try await close(store)
        }
        let failed = FaultyIO.firstFailure
        FaultyIO.mend()
        try await reopen(run)
        try Descriptors.check(since: descriptors)
        return failed
    }

    /// Runs the workload until the fault ends the process, and reports its progress to `tell`.
    func die(_ fault: Fault, tell: @escaping (String) -> Void) async throws {
        FaultyIO.watch(path)
        FaultyIO.fail(fault)
        let run = WorkloadRun(workload, bug, tell: tell)
        let store = try await backend.openSmall(path, durability.durability)
        try await run.play(on: store)
        try await store.close()
    }

    /// Checks the files that a killed process left.
    ///
    /// - Parameter story: the progress that the process reported.
    func examine(_ story: [String]) async throws {
        let run = WorkloadRun(workload, nil)
        run.replay(story)
        try await reopen(run)
    }

    /// Opens the store. If the fault prevents that, checks the error's advice and returns nil.
    private func open(after run: WorkloadRun) async throws -> (any KeyValueStore)? {
        do {
            return try await backend.openSmall(path, durability.durability)
        } catch let error as StoreError {
            try checkAdvice(error, "Opening")
            return nil
        }
    }

    /// Checks the store after the fault is removed. It must accept writes again if its advice promised that. Otherwise
    /// it must refuse them and remain readable.
    private func resume(_ store: any KeyValueStore, _ run: WorkloadRun, _ fault: Fault) async throws {
        for error in run.errors { try checkAdvice(error, "A call") }
        // Half of the faults that stay remain in place until the store is closed.
        guard FaultyIO.firstFailure != nil, !(fault.stays && fault.nth % 2 == 1) else { return }
        FaultyIO.mend()
        let wasPoisoned = run.writeErrors.contains { $0.advice == .outcomeUnknown }
        let probe = WriteBatch.setting("probe", to: "1")
        var result = await run.commit(probe, to: store)
        // After a failed flush, RocksDB checks for free space every five seconds.
        for _ in 0..<20 {
            guard backend == .rocksdb, case .failure(let error) = result, error.code == .diskFull else { break }
            run.forgetLastWriteError()
            try await Task.sleep(for: .seconds(1))
            result = await run.commit(probe, to: store)
        }
        switch result {
        case .success:
            try require(!wasPoisoned, "After an unknown outcome the store takes writes.")
        case .failure(let error):
            try require(
                wasPoisoned || error.advice == .outcomeUnknown || error.advice == .reopen,
                "With the fault gone, a write is still \(error.code), advice \(error.advice): \(error)")
            try require(
                wasPoisoned || run.writeErrors.dropLast().isEmpty,
                "The advice \(run.writeErrors[0].advice) did not help: \(run.writeErrors[0]) and then \(error)")
        }
        try await read(store, run)
    }

    /// Reads must still work, except where LMDB refuses them.
    private func read(_ store: any KeyValueStore, _ run: WorkloadRun) async throws {
        let before = run.errors.count
        try await run.scan(store, run.possible)
        for error in run.errors[before...] {
            try require(
                backend == .lmdb && error.advice == .reopen, "With the fault gone, a scan is \(error.code): \(error)")
        }
    }

    private func close(_ store: any KeyValueStore) async throws {
        do throws(StoreError) { try await store.close() } catch { try checkAdvice(error, "Closing") }
        try require(!store.isOpen, "A closed store says that it is open.")
    }

    /// Checks the content first and then the revision. RocksDB keeps the revision beside the entries and may replay a
    /// failed log for only one of them.
    private func reopen(_ run: WorkloadRun) async throws {
        let store: any KeyValueStore
        do { store = try await backend.openSmall(path, durability.durability) } catch {
            throw BrokenPromise("The store cannot be opened again: \(error)")
        }
        let entries = try await store.list()
        let revision = try await store.statistics().engine.revision
        try require(
            run.possible.allow(entries),
            "Opened again, the store holds \(PossibleStates.summary(entries)); it should be \(run.possible.summary).")
        try require(
            bug == .halfBatch || run.possible.allow(entries, at: revision, skips: backend == .rocksdb),
            """
            Opened again, the store is at revision \(revision) with \(PossibleStates.summary(entries)); it should be at \
            \(run.possible.summary). Errors: \(run.errors)
            """)
        _ = try await store.verify { _ in }
        let next = try await store.commit(.setting("again", to: "1"))
        try require(next.revision.map { $0 > revision } ?? false, "Opened again, the store commits nothing.")
        try await store.close()
    }

    /// Only some advice is right when a disk fails.
    private func checkAdvice(_ error: StoreError, _ call: String) throws {
        let right: [StoreError.Advice] = [.retry, .freeResources, .reopen, .outcomeUnknown]
        try require(
            right.contains(error.advice),
            "\(call) failed with \(error.code) and the advice to \(error.advice), which does not help: \(error)")
    }
}

extension WriteBatch {
    static func setting(_ key: Bytes, to value: Bytes) -> WriteBatch {
        var batch = WriteBatch()
        batch.set(key, to: value)
        return batch
    }
}
#endif

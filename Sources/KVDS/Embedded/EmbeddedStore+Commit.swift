/// The write path: check, then commit at once or join a group.
extension EmbeddedStore: CommitFastPath {
    @discardableResult
    public nonisolated func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        if !needsQueue(batch) {
            try limits.check(batch)
            if let result = await commitInline(batch) { return try result.get() }
        }
        try check(batch)
        return try await withCheckedContinuation { enqueue(batch, $0) }.get()
    }

    nonisolated func needsQueue(_ batch: WriteBatch) -> Bool {
        thread != nil && engine.mayBlock(for: batch, batch.durability ?? configuration.durability)
    }

    nonisolated func check(_ batch: WriteBatch) throws(StoreError) {
        try limits.check(batch)
        if Task.isCancelled { throw cancelled }
    }

    /// From here on the order of commits is fixed: it is the order in which callers join the queue.
    nonisolated func enqueue(_ batch: WriteBatch, _ caller: CommitQueueStateMachine.Caller) {
        switch queue.admit(CommitQueueStateMachine.Request(batch: batch, caller: caller)) {
        case .startDraining: startDraining()
        case .refused(let lifecycle): caller.resume(returning: .failure(refusal(lifecycle)))
        case .queued, .groupIsComplete, .commitInline: break
        }
    }

    /// Commits a batch that waits for nothing, on the actor: of many that come at once, one after the other.
    ///
    /// - Returns: nil when it must be queued after all.
    private func commitInline(_ batch: WriteBatch) -> Result<CommitResult, StoreError>? {
        // Many may have been before it at the actor.
        if Task.isCancelled { return .failure(cancelled) }
        switch queue.withLock({ $0.admitInline() }) {
        case .refused(let lifecycle): return .failure(refusal(lifecycle))
        case .queued, .groupIsComplete, .startDraining: return nil
        case .commitInline: break
        }
        // Without a thread there is nobody else who could wait.
        let result = perform([batch], mayBlock: thread == nil)[0]
        if queue.withLock({ $0.finishInline() }) { startDraining() }
        if case .failure(let error) = result, error.code == .wouldBlock { return nil }
        return result
    }

    private nonisolated func startDraining() {
        thread?.submit { self.drain() }
    }

    /// Commits group after group until nothing waits. Runs on the store's thread.
    nonisolated func drain() {
        while true {
            let group = queue.takeGroup()
            if group.isEmpty { return }
            let began = ContinuousClock.now
            let results = perform(group.map(\.batch), mayBlock: true)
            queue.withLock { $0.groupEnded(count: group.count, began: began, ended: .now) }
            for (request, result) in zip(group, results) {
                request.caller.resume(returning: result)
            }
        }
    }

    /// Commits `batches` as one group.
    ///
    /// - Returns: one result for each.
    private nonisolated func perform(_ batches: [WriteBatch], mayBlock: Bool) -> [Result<CommitResult, StoreError>] {
        do throws(StoreError) {
            while true {
                do throws(StoreError) {
                    return try transact(batches, mayBlock: mayBlock)
                } catch {
                    guard error.code == .mapFull else { throw error }
                    try grow(forWriting: true)
                }
            }
        } catch {
            if error.code == .outcomeUnknown {
                poison()
                return batches.map { _ in .failure(error) }
            }
            // Nothing was changed. Apart, the batches that can be committed are.
            if batches.count > 1, error.mayBeOfOneBatch { return performApart(batches, mayBlock: mayBlock) }
            return batches.map { _ in .failure(error) }
        }
    }

    /// Commits `batches` one by one, until one of them ends in the unknown.
    private nonisolated func performApart(
        _ batches: [WriteBatch], mayBlock: Bool
    ) -> [Result<CommitResult, StoreError>] {
        var results: [Result<CommitResult, StoreError>] = []
        for batch in batches {
            results += perform([batch], mayBlock: mayBlock)
            if case .failure(let error) = results.last, error.code == .outcomeUnknown { break }
        }
        let untried = batches.count - results.count
        return results + Array(repeating: .failure(refusal(.poisoned)), count: untried)
    }

    private nonisolated func transact(
        _ batches: [WriteBatch], mayBlock: Bool
    ) throws(StoreError) -> [Result<CommitResult, StoreError>] {
        let demand = feed.demand
        let readsPrevious = demand.amount == .previousValues
        let transaction = try engine.beginTransaction(
            readsOwnWrites: GroupCommit.readsOwnWrites(batches, previousValues: readsPrevious), mayBlock: mayBlock)
        let group: GroupCommit
        var recorder =
            demand.amount == .nothing
            ? nil : ChangeRecorder(after: transaction.revision, readsPrevious: readsPrevious)
        do throws(StoreError) {
            group = try GroupCommit.fold(
                batches, into: transaction, standard: configuration.durability, recorder: &recorder)
        } catch {
            transaction.abort()
            throw error
        }
        guard group.changed else {
            transaction.abort()
            if demand.amount != .nothing { feed.advance(to: group.revision, demand) }
            // Whether the state that was judged has been synced is not known.
            return group.verdicts.map { .success($0.result(min(configuration.durability, .buffered))) }
        }
        let reached = try transaction.commit(group.revision, group.durability)
        if let recorder { feed.publish(recorder, demand) }
        counters.count(commits: group.verdicts.count(where: \.isAccepted), reached: reached)
        return group.verdicts.map { .success($0.result(reached)) }
    }

    /// After a commit of unknown outcome nothing more is written, so that nothing is built on it.
    private nonisolated func poison() {
        for request in queue.withLock({ $0.poison() }) {
            request.caller.resume(returning: .failure(refusal(.poisoned)))
        }
        feed.finish(refusal(.poisoned))
    }

    private nonisolated var cancelled: StoreError {
        StoreError(
            .cancelled, "The task was cancelled before its commit was queued; nothing changed.", store: description)
    }

    private nonisolated func refusal(_ lifecycle: CommitQueueStateMachine.Lifecycle) -> StoreError {
        switch lifecycle {
        case .poisoned:
            StoreError(
                .writesRefused,
                "An earlier commit failed in a way that leaves its outcome unknown; reopen the store to write again.",
                store: description)
        case .open, .closing, .closed: closedError
        }
    }
}

extension GroupCommit.Verdict {
    fileprivate var isAccepted: Bool { if case .accepted = self { true } else { false } }

    fileprivate func result(_ durability: Durability) -> CommitResult {
        switch self {
        case .accepted(let revision): .committed(revision: revision, durability: durability)
        case .conditionFailed(let index): .conditionFailed(index: index)
        }
    }
}

extension StoreError {
    /// Whether a group that failed so may fail because of one of its batches, and not because of the store.
    fileprivate var mayBeOfOneBatch: Bool {
        ![.busy, .closed, .writesRefused, .corrupt, .wouldBlock].contains(code)
    }
}

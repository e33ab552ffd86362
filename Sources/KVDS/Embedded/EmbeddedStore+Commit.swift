/// The write path: checks a batch, then commits it immediately or adds it to the queue.
extension EmbeddedStore {
    @discardableResult
    public nonisolated func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        try limits.check(batch)
        if !needsQueue(batch), let result = await commitInline(batch) { return try result.get() }
        if Task.isCancelled { throw cancelled }
        return try await withCheckedContinuation { caller in
            // Joining the queue fixes the place of the batch in the order of commits.
            switch queue.admit(CommitQueueStateMachine.Request(batch: batch, caller: caller)) {
            case .startDraining: thread?.submit { self.drain() }
            case .refused(let lifecycle): caller.resume(returning: .failure(refusal(lifecycle)))
            case .queued, .groupIsComplete, .commitInline: break
            }
        }.get()
    }

    private nonisolated func needsQueue(_ batch: WriteBatch) -> Bool {
        thread != nil && engine.mayBlock(for: batch, batch.durability ?? configuration.durability)
    }

    /// Commits a batch without the queue, on the actor, which makes such commits one at a time.
    ///
    /// - Returns: nil when the batch must be queued after all.
    private func commitInline(_ batch: WriteBatch) -> Result<CommitResult, StoreError>? {
        // The call may have waited for other commits on the actor.
        if Task.isCancelled { return .failure(cancelled) }
        switch queue.withLock({ $0.admitInline() }) {
        case .refused(let lifecycle): return .failure(refusal(lifecycle))
        case .queued, .groupIsComplete, .startDraining: return nil
        case .commitInline: break
        }
        defer { if queue.withLock({ $0.finishInline() }) { thread?.submit { self.drain() } } }
        do throws(EngineError) {
            // A store without a thread must wait here.
            return try transact([batch], mayBlock: thread == nil)[0]
        } catch {
            if case .failed(let failure) = error { return fail([batch], with: failure)[0] }
            // After a signal the batch is queued, unless all commits are made here.
            return thread == nil ? perform([batch])[0] : nil
        }
    }

    /// Commits group after group until the queue is empty. Runs on the store's thread.
    nonisolated func drain() {
        while true {
            let group = queue.takeGroup()
            if group.isEmpty { return }
            let began = ContinuousClock.now
            let results = perform(group.map(\.batch))
            queue.withLock { $0.groupEnded(count: group.count, began: began, ended: .now) }
            for (request, result) in zip(group, results) {
                request.caller.resume(returning: result)
            }
        }
    }

    /// Commits `batches` as one group. May block.
    ///
    /// - Returns: one result for each batch.
    private nonisolated func perform(_ batches: [WriteBatch]) -> [Result<CommitResult, StoreError>] {
        while true {
            do throws(EngineError) {
                return try transact(batches, mayBlock: true)
            } catch {
                do throws(StoreError) {
                    switch error {
                    case .mapFull: try grow(forWriting: true)
                    case .failed(let failure): throw failure
                    case .wouldBlock:
                        throw StoreError(.busy, "The engine accepts no writes now; try again.", store: description)
                    }
                } catch {
                    return fail(batches, with: error)
                }
            }
        }
    }

    /// The results of `batches`, whose common transaction failed with `error`.
    private nonisolated func fail(
        _ batches: [WriteBatch], with error: StoreError
    ) -> [Result<CommitResult, StoreError>] {
        if error.code == .outcomeUnknown {
            poison()
        } else if batches.count > 1, error.mayBeOfOneBatch {
            // Nothing changed. Commit the batches one by one, so that only those that cannot be committed fail.
            return performApart(batches)
        }
        return batches.map { _ in .failure(error) }
    }

    /// Commits `batches` one by one, until the outcome of one is unknown.
    private nonisolated func performApart(_ batches: [WriteBatch]) -> [Result<CommitResult, StoreError>] {
        var results: [Result<CommitResult, StoreError>] = []
        for batch in batches {
            results += perform([batch])
            if case .failure(let error) = results.last, error.code == .outcomeUnknown { break }
        }
        let untried = batches.count - results.count
        return results + Array(repeating: .failure(refusal(.poisoned)), count: untried)
    }

    private nonisolated func transact(
        _ batches: [WriteBatch], mayBlock: Bool
    ) throws(EngineError) -> [Result<CommitResult, StoreError>] {
        let demand = feed.demand
        let readsPrevious = demand.amount == .previousValues
        let transaction = try engine.beginTransaction(
            readsOwnWrites: GroupCommit.readsOwnWrites(batches, previousValues: readsPrevious), mayBlock: mayBlock)
        let group: GroupCommit
        var recorder =
            demand.amount == .nothing
            ? nil : ChangeRecorder(after: transaction.revision, readsPrevious: readsPrevious)
        do throws(EngineError) {
            group = try GroupCommit.fold(
                batches, into: transaction, standard: configuration.durability, recorder: &recorder)
        } catch {
            transaction.abort()
            throw error
        }
        guard group.changed else {
            transaction.abort()
            if demand.amount != .nothing { feed.advance(to: group.revision, demand) }
            // The state that the conditions were checked against may not be synced.
            return group.verdicts.map { .success($0.result(min(configuration.durability, .buffered))) }
        }
        let reached = try transaction.commit(group.revision, group.durability)
        if let recorder { feed.publish(recorder, demand) }
        counters.count(commits: group.verdicts.count(where: \.isAccepted), reached: reached)
        return group.verdicts.map { .success($0.result(reached)) }
    }

    /// Refuses further writes, so that no commit builds on one whose outcome is unknown.
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
    /// Whether a single batch of a group may have caused the error, rather than the store.
    fileprivate var mayBeOfOneBatch: Bool {
        ![.busy, .closed, .writesRefused, .corrupt].contains(code)
    }
}

/// The end of a transaction: its writes are made at one instant, or forgotten.
extension LockingTransaction {
    /// Makes the transaction's writes, all at one instant, provided that what it read is still so.
    ///
    /// Other transactions could not change that; those who write to the store without locks can. The locks are released
    /// when the commit has ended. Whatever the outcome, the transaction is over; calls of it that wait for a lock throw
    /// `.transactionEnded`.
    ///
    /// - Returns: the commit's revision and how safe it is. A transaction that wrote nothing takes no revision of its own.
    /// - Throws: `.conflict` when something that it read was changed by somebody who took no lock, `.cancelled` when the task
    ///   was cancelled before the commit was queued, in both cases nothing changed; `.outcomeUnknown` when nobody can say;
    ///   `.transactionEnded`; and what else ``StoreWriter/commit(_:)`` throws.
    @discardableResult
    public func commit() async throws(StoreError) -> CommitResult {
        guard manager.locks.beginRelease(id) else { throw endedError }
        defer { manager.locks.release(id) }
        let end = end()
        var batch = WriteBatch(durability: manager.configuration.durability)
        batch.conditions = end.reads.conditions
        batch.mutations = end.buffer.mutations
        let result = try await store.commit(batch)
        if case .conditionFailed(let index) = result {
            throw StoreError(
                .conflict,
                "Somebody who took no lock changed what transaction \(id) had read; nothing changed. Begin another one and do it again.",
                store: store.description, key: batch.conditions[index].key)
        }
        return result
    }

    /// Ends the transaction and forgets what it wrote. Nothing of the store changes, and nothing that others committed.
    ///
    /// - Throws: `.transactionEnded` when it is over already.
    public func rollback() throws(StoreError) {
        guard manager.locks.beginRelease(id) else { throw endedError }
        _ = end()
        manager.locks.release(id)
    }

    /// Commits it.
    ///
    /// - Returns: what ``commit()`` returned or threw; nil when the transaction was over already.
    func commitOutcome() async -> TransactionOutcome? {
        do throws(StoreError) {
            let result = try await commit()
            return TransactionOutcome(id: id, result: .success(result))
        } catch {
            return error.code == .transactionEnded ? nil : TransactionOutcome(id: id, result: .failure(error))
        }
    }

    /// Takes what there is to commit out of the transaction.
    func end() -> State {
        state.withLock { state in
            defer { state = State(hasEnded: true) }
            return state
        }
    }

    /// What it would change.
    var pendingWrites: [WriteBatch.Mutation] { state.withLock { $0.buffer.mutations } }

    var summary: LiveTransaction {
        let counts = manager.locks.counts(id)
        return LiveTransaction(
            id: id, lockCount: counts.held, isWaiting: counts.waiting > 0, writeCount: pendingWrites.count)
    }
}

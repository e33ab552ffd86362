/// Ending a transaction: its writes are committed together, or discarded.
extension LockingTransaction {
    /// Commits the transaction's writes together, provided that nothing it read has changed.
    ///
    /// Other transactions of the manager cannot change what it read. Writers that write to the store without locks can.
    /// The locks are released when the commit has ended. The transaction ends whatever the result, and its calls that
    /// wait for a lock throw `.transactionEnded`.
    ///
    /// - Returns: the revision of the commit and how safe it is. A transaction that wrote nothing gets no revision of
    ///   its own.
    /// - Throws: `.conflict` when a writer that took no lock changed something that the transaction read, `.cancelled`
    ///   when the task was cancelled before the commit was queued (in both cases nothing changed); `.outcomeUnknown`
    ///   when the commit may or may not have been made; `.transactionEnded`; and the other errors of
    ///   ``StoreWriter/commit(_:)``.
    @discardableResult
    public func commit() async throws(StoreError) -> CommitResult {
        guard manager.locks.beginRelease(owner) else { throw endedError }
        defer { manager.locks.release(owner) }
        let end = end()
        var batch = WriteBatch(durability: manager.configuration.durability)
        batch.conditions = end.reads.conditions
        batch.mutations = end.buffer.mutations
        let result = try await store.commit(batch)
        if case .conditionFailed(let index) = result {
            throw StoreError(
                .conflict,
                "A writer that took no lock changed what transaction \(id) had read; nothing was committed. Begin another transaction and repeat the work.",
                store: store.description, key: batch.conditions[index].key)
        }
        return result
    }

    /// Ends the transaction and discards its writes. The store does not change.
    ///
    /// - Throws: `.transactionEnded` when the transaction has ended already.
    public func rollback() throws(StoreError) {
        guard manager.locks.beginRelease(owner) else { throw endedError }
        _ = end()
        manager.locks.release(owner)
    }

    /// Commits the transaction.
    ///
    /// - Returns: the result or error of ``commit()``; nil when the transaction had ended already.
    func commitOutcome() async -> TransactionOutcome? {
        do throws(StoreError) {
            let result = try await commit()
            return TransactionOutcome(id: id, result: .success(result))
        } catch {
            return error.code == .transactionEnded ? nil : TransactionOutcome(id: id, result: .failure(error))
        }
    }

    /// Ends the transaction, and returns its writes and reads.
    func end() -> State {
        state.withLock { state in
            defer { state = State(hasEnded: true) }
            return state
        }
    }

    /// The mutations that a commit would make.
    var pendingWrites: [WriteBatch.Mutation] { state.withLock { $0.buffer.mutations } }

    var summary: LiveTransaction {
        let counts = manager.locks.counts(owner)
        return LiveTransaction(
            id: id, lockCount: counts.held, isWaiting: counts.waiting > 0, writeCount: pendingWrites.count)
    }
}

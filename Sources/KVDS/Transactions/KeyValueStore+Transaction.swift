extension KeyValueStore {
    /// Runs `body` as a transaction: its reads and writes take effect at one point in time, or not at all.
    ///
    /// ```swift
    /// let left = try await store.withTransaction { tx in
    ///     let balance = try await tx.get("balance:42").flatMap { Int(String($0)) } ?? 0
    ///     tx.set("balance:42", to: Bytes("\(balance - 10)"))
    ///     return balance - 10
    /// }
    /// ```
    ///
    /// The transaction is optimistic: it locks nothing, and no other caller waits while the closure awaits something.
    /// Its writes are committed as one batch, on the condition that everything it read is unchanged: values, absences,
    /// and scanned ranges up to the last key returned. So transactions are serializable, which also excludes phantoms.
    /// If another writer was faster, the closure runs again after a pause, so it must have no effects except through
    /// `tx`. A transaction that writes nothing commits nothing, and if it reads from a snapshot, it never conflicts.
    ///
    /// The transaction keeps everything it read until it ends, and its commit validates all of it while other writers
    /// wait. If the store provides snapshots, the transaction holds one from its first read on. In a long transaction
    /// this snapshot can become older than ``StoreConfiguration/snapshotAgeLimit``: then reads throw
    /// `.snapshotExpired`, and the closure is not run again. If no more snapshots are available, the transaction reads
    /// the store directly.
    ///
    /// If `body` throws an error, all its writes are discarded.
    ///
    /// - Parameters:
    ///   - options: how many attempts to make, how long to wait between them, and how safe the commit must be.
    ///   - body: receives the transaction, which ends when `body` returns.
    /// - Returns: the result of the last run of `body`.
    /// - Throws: the error of `body`, or a `StoreError`: `.conflict` when another writer was faster in every attempt,
    ///   `.cancelled` when the task was cancelled before a commit was queued (in both cases nothing changed);
    ///   `.outcomeUnknown` when the commit may or may not have been made (the closure is not run again); and the other
    ///   errors of ``StoreWriter/commit(_:)``.
    public func withTransaction<R>(
        options: TransactionOptions = TransactionOptions(), _ body: (Transaction) async throws -> R
    ) async throws -> R {
        try await withTransactionResult(options: options, body).value
    }

    /// Runs a transaction like ``withTransaction(options:_:)``, and also returns how it ended.
    ///
    /// - Throws: as ``withTransaction(options:_:)``.
    public func withTransactionResult<R>(
        options: TransactionOptions = TransactionOptions(), _ body: (Transaction) async throws -> R
    ) async throws -> TransactionResult<R> {
        guard options.maximumAttempts >= 1 else {
            throw StoreError(
                .invalidArgument, "The number of attempts must be at least 1, not \(options.maximumAttempts).",
                store: description)
        }
        var attempt = 1
        while true {
            if Task.isCancelled {
                throw StoreError(
                    .cancelled, "The task was cancelled before its transaction began; nothing changed.",
                    store: description)
            }
            switch try await Transaction(on: self).run(options.durability, body) {
            case .done(let value, let outcome):
                return TransactionResult(
                    value: value, revision: outcome.revision, durability: outcome.durability, attempts: attempt)
            case .conflict(let key):
                if attempt == options.maximumAttempts { throw conflict(after: attempt, key) }
            }
            try await options.backoff.wait(after: attempt, of: description)
            attempt += 1
        }
    }

    private func conflict(after attempts: Int, _ key: Bytes?) -> StoreError {
        StoreError(
            .conflict,
            "In each of \(attempts) attempts another writer changed what the transaction had read; nothing was committed. Try again later, or use fewer keys.",
            store: description, key: key)
    }
}

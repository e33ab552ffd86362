extension KeyValueStore {
    /// Runs `body` as a transaction: what it reads and writes happens as if at one instant, or nothing of it happens.
    ///
    /// ```swift
    /// let left = try await store.withTransaction { tx in
    ///     let balance = try await tx.get("balance:42").flatMap { Int(String($0)) } ?? 0
    ///     tx.set("balance:42", to: Bytes("\(balance - 10)"))
    ///     return balance - 10
    /// }
    /// ```
    ///
    /// It is optimistic: nobody waits for it, and nothing is locked while the closure awaits whatever it likes. Its writes
    /// are committed as one batch on the condition that all it has read is still so: values, absences, and scanned ranges up
    /// to the last key returned. So transactions are serializable, phantoms included. When another writer was faster, the
    /// closure is run again after a pause; let it have no effects but through `tx`. A transaction that writes nothing
    /// commits nothing, and where the store can show one moment it never conflicts.
    ///
    /// What it has read it keeps until it ends, and its commit looks at all of that once more while other writers wait. Where
    /// the store can show one moment it holds a snapshot from its first read on, so that a long one is a long view: see
    /// ``StoreConfiguration/snapshotAgeLimit``, past which its reads throw `.snapshotExpired`; it is not run again then. Where no
    /// view is left to have it reads without one.
    ///
    /// An error that `body` throws discards all it did.
    ///
    /// - Parameters:
    ///   - options: how often it is tried, how long to wait in between, how safe the commit must be.
    ///   - body: is handed the transaction, which is over when it returns.
    /// - Returns: what `body` returned when it ran last.
    /// - Throws: what `body` throws; else a `StoreError`: `.conflict` when every attempt met a faster writer, `.cancelled`
    ///   when the task was cancelled before a commit was queued, in both cases nothing changed; `.outcomeUnknown` when
    ///   nobody can say, and then it is not run again; and what else ``StoreWriter/commit(_:)`` throws.
    public func withTransaction<R>(
        options: TransactionOptions = TransactionOptions(), _ body: (Transaction) async throws -> R
    ) async throws -> R {
        try await withTransactionResult(options: options, body).value
    }

    /// Does what ``withTransaction(options:_:)`` does, and tells how it ended.
    ///
    /// - Throws: as ``withTransaction(options:_:)``.
    public func withTransactionResult<R>(
        options: TransactionOptions = TransactionOptions(), _ body: (Transaction) async throws -> R
    ) async throws -> TransactionResult<R> {
        guard options.maximumAttempts >= 1 else {
            throw StoreError(
                .invalidArgument, "A transaction is attempted once or more, not \(options.maximumAttempts) times.",
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
            "Of \(attempts) attempts each met a writer who had changed what the transaction read; nothing changed. Try again later, or touch fewer keys.",
            store: description, key: key)
    }
}

/// One attempt: runs the closure, ends the transaction, and commits its writes.
extension Transaction {
    /// How an attempt ended, other than by an error.
    enum Attempt<R> {
        case done(R, Outcome)
        /// Another writer changed something that was read: this key, if it was a key.
        case conflict(Bytes?)
    }

    struct Outcome: Sendable {
        var revision: Revision?
        var durability: Durability?
    }

    func run<R>(_ durability: Durability?, _ body: (Transaction) async throws -> R) async throws -> Attempt<R> {
        let value: R
        do {
            value = try await body(self)
        } catch {
            let end = end()
            // If reads can contradict each other, the error may come from that and not from the data. If the validation
            // itself fails, the closure's own error is the better one.
            if end.needsValidation, let result = try? await store.commit(end.conditions(durability)) {
                if !result.isCommitted { return .conflict(nil) }
            }
            throw error
        }
        let end = end()
        if end.writes.isEmpty, !end.needsValidation { return .done(value, Outcome(revision: end.revision)) }
        var batch = end.conditions(durability)
        batch.mutations = end.writes.mutations
        switch try await store.commit(batch) {
        case .committed(let revision, let reached):
            return .done(value, Outcome(revision: revision, durability: end.writes.isEmpty ? nil : reached))
        case .conditionFailed(let index):
            return .conflict(batch.conditions[index].key)
        }
    }

    /// The reads and writes of a transaction that has ended.
    private struct End: Sendable {
        let reads: ReadSet
        let writes: WriteBuffer
        /// The revision of the snapshot that was read, if there was one.
        let revision: Revision?
        /// Whether the reads may be from different points in time, so that the store must validate them even without
        /// writes.
        let needsValidation: Bool

        func conditions(_ durability: Durability?) -> WriteBatch {
            var batch = WriteBatch(durability: durability)
            batch.conditions = reads.conditions
            return batch
        }
    }

    /// Ends the transaction and releases its snapshot.
    private func end() -> End {
        let (state, source) = state.withLock { state in
            state.hasEnded = true
            defer {
                state.source = nil
                state.buffer = WriteBuffer()
                state.reads = ReadSet()
            }
            return (state, state.source)
        }
        var revision: Revision?
        if case .snapshot(let snapshot) = source {
            revision = snapshot.revision
            snapshot.close()
        }
        let needsValidation = if case .store = source { !state.reads.isSingleRead } else { false }
        return End(reads: state.reads, writes: state.buffer, revision: revision, needsValidation: needsValidation)
    }
}

/// Several batches folded, in order, into one engine transaction, so that many writers share one sync.
///
/// The conditions of each batch are checked against the store with the previous batches applied. A batch whose
/// conditions fail changes nothing. Each other batch that has mutations gets the next revision:
///
///     batches      a: set x       b: x absent? set y      c: set z
///     verdicts     revision 8     condition 0 failed      revision 9
///
/// The fold checks and writes. It does not commit, does not wait, and does not know the callers.
struct GroupCommit {
    enum Verdict: Equatable {
        case accepted(Revision)
        case conditionFailed(index: Int)
    }

    /// One for each batch.
    private(set) var verdicts: [Verdict] = []
    /// The revision after the last accepted batch.
    private(set) var revision: Revision
    /// The greatest durability that an accepted batch requests.
    private(set) var durability = Durability.volatile
    /// Whether anything was written.
    private(set) var changed = false

    /// Folds `batches` into `transaction`.
    ///
    /// - Parameters:
    ///   - standard: the durability of batches that request none.
    ///   - recorder: records the changes; nil when the change log needs none.
    static func fold(
        _ batches: [WriteBatch], into transaction: some EngineTransaction, standard: Durability,
        recorder: inout ChangeRecorder?
    ) throws(EngineError) -> GroupCommit {
        var group = GroupCommit(revision: transaction.revision)
        group.verdicts.reserveCapacity(batches.count)
        for batch in batches {
            if let failed = try firstFailure(of: batch.conditions, in: transaction) {
                group.verdicts.append(.conditionFailed(index: failed))
                continue
            }
            let isNoted = recorder?.takesNotes(of: batch) ?? false
            for mutation in batch.mutations {
                if isNoted { try recorder?.note(mutation, in: transaction) }
                switch mutation {
                case .set(let key, let value): try transaction.set(key, to: value)
                case .delete(let key): try transaction.delete(key)
                case .deleteRange(let range): try transaction.delete(in: range)
                }
            }
            group.accept(batch, standard)
            if !batch.mutations.isEmpty { recorder?.accept(batch, group.revision) }
        }
        return group
    }

    /// Whether a write is followed by a read: by a condition of a later batch, or by the deletion of a range, for which
    /// an engine may have to read the range.
    ///
    /// - Parameter previousValues: whether the previous value is read before each mutation.
    static func readsOwnWrites(_ batches: [WriteBatch], previousValues: Bool = false) -> Bool {
        var hasWritten = false
        for batch in batches {
            if hasWritten, !batch.conditions.isEmpty { return true }
            for mutation in batch.mutations {
                if hasWritten, previousValues { return true }
                if hasWritten, case .deleteRange = mutation { return true }
                hasWritten = true
            }
        }
        return false
    }

    private mutating func accept(_ batch: WriteBatch, _ standard: Durability) {
        if !batch.mutations.isEmpty {
            revision = revision.next
            durability = max(durability, batch.durability ?? standard)
            changed = true
        }
        verdicts.append(.accepted(revision))
    }

    private static func firstFailure(
        of conditions: [WriteBatch.Condition], in transaction: some EngineTransaction
    ) throws(EngineError) -> Int? {
        for (index, condition) in conditions.enumerated() {
            let holds =
                switch condition {
                case .absent(let key): try transaction.get(key) == nil
                case .present(let key): try transaction.get(key) != nil
                case .equals(let key, let value): try transaction.get(key) == value
                case .unchanged(let range, let entries): try holdsExactly(entries, range, in: transaction)
                }
            if !holds { return index }
        }
        return nil
    }

    private static func holdsExactly(
        _ entries: [Entry], _ range: KeyRange, in transaction: some EngineTransaction
    ) throws(EngineError) -> Bool {
        var rest = entries[...]
        var isEqual = true
        try transaction.makeCursor(in: range).forEachPage { page in
            isEqual = page.allSatisfy { rest.popFirst() == $0 }
            return isEqual
        }
        return isEqual && rest.isEmpty
    }
}

/// Records the changes of a commit group while its batches are applied to a transaction.
struct ChangeRecorder {
    /// Whether previous values are read too.
    let readsPrevious: Bool
    /// One record for each accepted batch. The first one is separate, because it is often the only one.
    private(set) var first: ChangeRecord?
    private(set) var others: [ChangeRecord] = []
    /// The noted changes of the current batch so far, in its order.
    private var changes: [Change] = []
    private var last: Revision

    /// - Parameter revision: the commit before the group.
    init(after revision: Revision, readsPrevious: Bool) {
        last = revision
        self.readsPrevious = readsPrevious
    }

    /// Whether each mutation of `batch` must be noted before it is applied, because the batch alone does not determine
    /// its changes.
    func takesNotes(of batch: WriteBatch) -> Bool { readsPrevious || batch.deletesRanges }

    /// Notes a mutation that is about to be applied to `transaction`.
    mutating func note(_ mutation: WriteBatch.Mutation, in transaction: some EngineTransaction) throws(EngineError) {
        if case .deleteRange(let range) = mutation { return try note(deletionOf: range, in: transaction) }
        guard var change = Change(mutation) else { return }
        change.key = change.key.trimmed()
        change.value = change.value?.trimmed()
        if readsPrevious { change.previous = try transaction.get(change.key)?.trimmed() }
        changes.append(change)
    }

    /// Notes that `batch` is the commit of `revision`.
    mutating func accept(_ batch: WriteBatch, _ revision: Revision) {
        if takesNotes(of: batch) {
            let net = Change.net(changes)
            append(ChangeRecord(after: last, revision: revision, changes: net, hasPrevious: readsPrevious))
            changes = []
        } else {
            append(ChangeRecord(after: last, revision: revision, mutations: batch.mutations))
        }
        last = revision
    }

    private mutating func append(_ record: ChangeRecord) {
        if first == nil { first = record } else { others.append(record) }
    }

    private mutating func note(
        deletionOf range: KeyRange, in transaction: some EngineTransaction
    ) throws(EngineError) {
        try transaction.makeCursor(in: range).forEachPage { page in
            for entry in page {
                // Copied, because a single key would keep the whole page in memory.
                let previous = readsPrevious ? entry.value.compacted() : nil
                changes.append(Change(key: entry.key.compacted(), value: nil, previous: previous))
            }
            return true
        }
    }
}

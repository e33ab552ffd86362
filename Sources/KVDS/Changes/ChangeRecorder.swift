/// Writes down what a group of batches changes, while it is folded into a transaction.
struct ChangeRecorder {
    /// Whether previous values are read as well.
    let readsPrevious: Bool
    /// One record for each batch that was committed.
    private(set) var records: [ChangeRing.Record] = []
    /// What the batch at hand has changed so far, in its order.
    private var changes: [Change] = []
    private var last: Revision

    /// - Parameter revision: the commit before the group.
    init(after revision: Revision, readsPrevious: Bool) {
        last = revision
        self.readsPrevious = readsPrevious
    }

    /// Notes a mutation that is about to be applied to `transaction`.
    mutating func note(_ mutation: WriteBatch.Mutation, in transaction: some EngineTransaction) throws(StoreError) {
        switch mutation {
        case .set(let key, let value): try note(key, value, in: transaction)
        case .delete(let key): try note(key, nil, in: transaction)
        case .deleteRange(let range): try note(deletionOf: range, in: transaction)
        }
    }

    /// Notes that the batch at hand is the commit of `revision`.
    mutating func accept(_ revision: Revision) {
        records.append(
            ChangeRing.Record(after: last, revision: revision, changes: netChanges(), hasPrevious: readsPrevious))
        changes = []
        last = revision
    }

    private mutating func note(
        _ key: Bytes, _ value: Bytes?, in transaction: some EngineTransaction
    ) throws(StoreError) {
        changes.append(Change(key: key, value: value, previous: readsPrevious ? try transaction.get(key) : nil))
    }

    private mutating func note(
        deletionOf range: KeyRange, in transaction: some EngineTransaction
    ) throws(StoreError) {
        let cursor = try transaction.makeCursor(in: range)
        var isComplete = false
        while !isComplete {
            var builder = EntryPage.Builder(capacity: 1 << 16)
            isComplete = try cursor.fill(&builder, mayWait: true)
            guard let page = builder.finish() else { continue }
            for entry in page {
                // Copies, or one key would keep a page.
                changes.append(
                    Change(key: entry.key.copied, value: nil, previous: readsPrevious ? entry.value.copied : nil))
            }
        }
    }

    /// The changes in the order of their keys. Of several of one key the last value counts, and the first previous one.
    private func netChanges() -> [Change] {
        if zip(changes, changes.dropFirst()).allSatisfy({ $0.key < $1.key }) { return changes }
        var net: [Change] = []
        net.reserveCapacity(changes.count)
        // By key, and then in the order in which they were made.
        for (_, change) in changes.enumerated().sorted(by: { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }
        ) {
            if let last = net.last, last.key == change.key {
                net[net.count - 1].value = change.value
            } else {
                net.append(change)
            }
        }
        return net
    }
}

extension Bytes {
    /// The same bytes in memory of their own.
    fileprivate var copied: Bytes { unsafe withUnsafeBytes { unsafe Bytes(copying: $0) } }
}

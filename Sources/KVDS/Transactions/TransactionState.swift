/// What a transaction has written and read so far, until it ends.
protocol TransactionState {
    var buffer: WriteBuffer { get }
    var reads: ReadSet { get set }
    var hasEnded: Bool { get }
}

extension TransactionState {
    /// What the buffer or an earlier read says of `key`.
    func known(_ key: Bytes) -> ReadSet.EntriesObservation? {
        switch buffer.lookup(key) {
        case .value(let value): .value(value)
        case .deleted: .absent
        case .untouched: reads[key]
        }
    }

    /// Notes what was read.
    ///
    /// - Returns: what counts, which is what was read first.
    mutating func note(_ key: Bytes, _ observation: ReadSet.EntriesObservation) -> ReadSet.EntriesObservation {
        reads.add(key, observation)
        return reads[key] ?? observation
    }
}

/// The writes and reads of a transaction, until it ends.
protocol TransactionState {
    var buffer: WriteBuffer { get }
    var reads: ReadSet { get set }
    var hasEnded: Bool { get }
}

extension TransactionState {
    /// What is known about `key` from the buffer or an earlier read.
    func known(_ key: Bytes) -> ReadSet.ReadResult? {
        switch buffer.lookup(key) {
        case .value(let value): .value(value)
        case .deleted: .absent
        case .untouched: reads[key]
        }
    }

    /// Records a read.
    ///
    /// - Returns: the observation that counts, which is that of the first read.
    mutating func note(_ key: Bytes, _ observation: ReadSet.ReadResult) -> ReadSet.ReadResult {
        reads.add(key, observation)
        return reads[key] ?? observation
    }
}

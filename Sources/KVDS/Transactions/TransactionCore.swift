/// The common part of both kinds of transactions. A read is answered from the buffer, then from the earlier reads, then
/// from the store. Results from the store are recorded, because the commit depends on them. After the end every call
/// throws.
protocol TransactionCore: StoreReader, AnyObject {
    associatedtype State: TransactionState

    var state: Monitor<State> { get }
    /// Whether reads and writes still count: false when the transaction is ending, and is not marked as ended yet.
    /// Called under the lock of ``state``.
    var isActive: Bool { get }
    /// The error that calls throw after the end.
    var endedError: StoreError { get }
    /// Translates an error of the store to the error that a call throws.
    func translated(_ error: StoreError) -> StoreError
}

extension TransactionCore {
    /// Calls `body` with the state of a transaction that has not ended and is not ending. The commit contains exactly
    /// what is recorded here.
    func open<R: Sendable>(_ body: (inout State) -> R) throws(StoreError) -> R {
        let result: R? = state.withLock { $0.hasEnded || !isActive ? nil : body(&$0) }
        guard let result else { throw endedError }
        return result
    }

    /// The value of `key`, including own writes.
    ///
    /// - Parameter read: reads the store, if the value is not known.
    func value(
        of key: Bytes, _ read: () async throws(StoreError) -> Bytes?
    ) async throws(StoreError) -> Bytes? {
        switch try open({ $0.known(key) }) {
        case .value(let value): return value
        case .absent: return nil
        case .present, nil: break
        }
        let value = try await read()
        switch try open({ $0.note(key, value.map(ReadSet.ReadResult.value) ?? .absent) }) {
        case .value(let first): return first
        case .absent, .present: return nil
        }
    }

    /// Whether `key` has a value, including own writes.
    ///
    /// - Parameter read: reads the store, if the answer is not known.
    func presence(of key: Bytes, _ read: () async throws(StoreError) -> Bool) async throws(StoreError) -> Bool {
        if let known = try open({ $0.known(key) }) { return known != .absent }
        let isPresent = try await read()
        return try open { $0.note(key, isPresent ? .present : .absent) } != .absent
    }

    /// Begins a scan of `reader`, merged with the buffer. The read set records how far it comes.
    func scan(
        _ reader: any StoreReader, _ range: KeyRange, _ order: ScanOrder, _ limit: Int?
    ) throws(StoreError) -> MergedScan.Opening {
        let (buffer, number) = try open { ($0.buffer, $0.reads.addScan(of: range, order)) }
        let base = reader.entries(in: range, order: order, limit: buffer.storeLimit(for: limit))
        return MergedScan.Opening(
            base: base.makeSource(), buffer: buffer, observer: NotedScan(transaction: self, number: number))
    }
}

/// Records in a transaction what one of its scans has read.
private final class NotedScan<Noting: TransactionCore>: ScanObserver {
    private let transaction: Noting
    private let number: Int

    init(transaction: Noting, number: Int) {
        self.transaction = transaction
        self.number = number
    }

    func scanned(_ entries: [Entry], upTo key: Bytes?) throws(StoreError) {
        try transaction.open { $0.reads.scanned(number, entries, upTo: key) }
    }

    func failed(_ error: StoreError) -> StoreError { transaction.translated(error) }
}

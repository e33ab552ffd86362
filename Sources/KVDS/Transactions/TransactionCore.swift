/// What transactions of both kinds have in common: they answer from their buffer, then from what they have read, then from
/// the store; they note what the store said, for their commit to depend on; and they answer nothing once they are over.
protocol TransactionCore: StoreReader, AnyObject {
    associatedtype State: TransactionState

    var state: Monitor<State> { get }
    /// Whether what was just read or is written still counts: false when the transaction is ending, and has not noted that
    /// yet. Asked for under the lock of ``state``.
    var isActive: Bool { get }
    /// What later calls throw.
    var endedError: StoreError { get }
    /// What to tell of an error of the store.
    func translated(_ error: StoreError) -> StoreError
}

extension TransactionCore {
    /// Calls `body` with the state of a transaction that is not over, nor ending: what it notes is part of the commit, and
    /// what it does not note is not.
    func open<R: Sendable>(_ body: (inout State) -> R) throws(StoreError) -> R {
        let result: R? = state.withLock { $0.hasEnded || !isActive ? nil : body(&$0) }
        guard let result else { throw endedError }
        return result
    }

    /// The value of `key`, own writes included.
    ///
    /// - Parameter read: asks the store, where nothing is known.
    func value(
        of key: Bytes, _ read: () async throws(StoreError) -> Bytes?
    ) async throws(StoreError) -> Bytes? {
        switch try open({ $0.known(key) }) {
        case .value(let value): return value
        case .absent: return nil
        case .present, nil: break
        }
        let value = try await read()
        switch try open({ $0.note(key, value.map(ReadSet.EntriesObservation.value) ?? .absent) }) {
        case .value(let first): return first
        case .absent, .present: return nil
        }
    }

    /// Whether `key` has a value, own writes included.
    ///
    /// - Parameter read: asks the store, where nothing is known.
    func presence(of key: Bytes, _ read: () async throws(StoreError) -> Bool) async throws(StoreError) -> Bool {
        if let known = try open({ $0.known(key) }) { return known != .absent }
        let isPresent = try await read()
        return try open { $0.note(key, isPresent ? .present : .absent) } != .absent
    }

    /// A scan of `reader` as the transaction sees it, which is noted as far as it comes.
    func scan(
        _ reader: any StoreReader, _ range: KeyRange, _ order: ScanOrder, _ limit: Int?
    ) throws(StoreError) -> MergedScan.Opening {
        let (buffer, number) = try open { ($0.buffer, $0.reads.addScan(of: range, order)) }
        let base = reader.entries(in: range, order: order, limit: buffer.storeLimit(for: limit))
        return MergedScan.Opening(
            base: base.makeSource(), buffer: buffer, observer: NotedScan(transaction: self, number: number))
    }
}

/// Tells a transaction what one of its scans has read.
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

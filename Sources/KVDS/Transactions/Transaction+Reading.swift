/// Reading: the buffer first, then what was read before, then the view.
extension Transaction {
    /// The value of `key`, own writes included.
    ///
    /// - Throws: `.transactionEnded`, and what reading the store throws.
    public func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        try limits.check(key: key)
        switch try open({ $0.known(key) }) {
        case .value(let value): return value
        case .absent: return nil
        case .present, nil: break
        }
        let value = try await read { reader throws(StoreError) in try await reader.get(key) }
        switch try open({ $0.note(key, value.map(ReadSet.Observation.value) ?? .absent) }) {
        case .value(let first): return first
        case .absent, .present: return nil
        }
    }

    /// Whether `key` has a value, own writes included. Unlike ``get(_:)`` it does not depend on which one.
    public func exists(_ key: Bytes) async throws(StoreError) -> Bool {
        try limits.check(key: key)
        if let known = try open({ $0.known(key) }) { return known != .absent }
        let exists = try await read { reader throws(StoreError) in try await reader.exists(key) }
        return try open { $0.note(key, exists ? .present : .absent) } != .absent
    }

    public func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        try await get(key).map { body($0.bytes) }
    }

    /// The entries in `range`, own writes included, as they are when the first one is asked for.
    ///
    /// The transaction depends on what the range holds up to the last key that was returned, and on nothing behind it.
    public func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        Entries {
            BufferedScan(in: range, order: order, limit: limit) { () throws(StoreError) in
                try await self.openScan(range, order, limit)
            }
        }
    }

    private func openScan(
        _ range: KeyRange, _ order: ScanOrder, _ limit: Int?
    ) async throws(StoreError) -> BufferedScan.Opening {
        let view = try await view()
        let (buffer, number) = try open { ($0.buffer, $0.reads.addScan(of: range, order)) }
        let base = view.entries(in: range, order: order, limit: buffer.storeLimit(for: limit))
        return BufferedScan.Opening(
            base: base.makeSource(), buffer: buffer, observer: TransactionScan(transaction: self, number: number))
    }

    private func read<R>(
        _ body: (any StoreReader) async throws(StoreError) -> R
    ) async throws(StoreError) -> R {
        let view = try await view()
        do throws(StoreError) {
            return try await body(view)
        } catch {
            throw explained(error)
        }
    }

    /// What to tell of an error of the view: that the transaction has ended, if that is why the view has.
    fileprivate func explained(_ error: StoreError) -> StoreError {
        error.code == .snapshotEnded && state.withLock { $0.isOver } ? endedError : error
    }

    /// What to read, taken with the first read. Of two that are taken at once the later one is let go again.
    private func view() async throws(StoreError) -> any StoreReader {
        if let view = try open({ $0.view }) { return view.reader }
        let taken = try await takeView()
        return try open { state in
            let kept = state.view ?? taken
            state.view = kept
            return kept.reader
        }
    }

    private func takeView() async throws(StoreError) -> View {
        guard let source = store as? any SnapshotReading else { return .store(store) }
        do throws(StoreError) {
            return .snapshot(try await source.snapshot())
        } catch {
            if error.code == .notSupported || error.code == .tooManyReaders { return .store(store) }
            throw error
        }
    }

    /// Calls `body` with the state of a transaction that is not over.
    fileprivate func open<R: Sendable>(_ body: (inout State) -> R) throws(StoreError) -> R {
        let result: R? = state.withLock { $0.isOver ? nil : body(&$0) }
        guard let result else { throw endedError }
        return result
    }
}

/// Tells a transaction what one of its scans has read.
private final class TransactionScan: ScanObserver {
    private let transaction: Transaction
    private let number: Int

    init(transaction: Transaction, number: Int) {
        self.transaction = transaction
        self.number = number
    }

    func scanned(_ entries: [Entry], upTo key: Bytes?) throws(StoreError) {
        try transaction.open { $0.reads.scanned(number, entries, upTo: key) }
    }

    func failed(_ error: StoreError) -> StoreError { transaction.explained(error) }
}

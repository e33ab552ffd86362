/// Reading: looks in the buffer, then in the earlier reads, then in the snapshot or the store.
extension Transaction {
    /// The value of `key`, including own writes.
    ///
    /// - Throws: `.transactionEnded`, and the errors of reading the store.
    public func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        try limits.check(key: key)
        return try await value(of: key) { () throws(StoreError) in
            try await read { reader throws(StoreError) in try await reader.get(key) }
        }
    }

    /// Whether `key` has a value, including own writes. Unlike with ``get(_:)``, the commit does not depend on the
    /// value.
    public func exists(_ key: Bytes) async throws(StoreError) -> Bool {
        try limits.check(key: key)
        return try await presence(of: key) { () throws(StoreError) in
            try await read { reader throws(StoreError) in try await reader.exists(key) }
        }
    }

    public func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        try await get(key).map { body($0.bytes) }
    }

    /// The entries in `range`, including own writes, as of the request for the first entry.
    ///
    /// The commit depends on the entries of the range up to the last key that was returned, and on nothing after it.
    public func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        Entries {
            MergedScan(in: range, order: order, limit: limit) { () throws(StoreError) in
                try self.scan(try await self.source(), range, order, limit)
            }
        }
    }

    private func read<R>(
        _ body: (any StoreReader) async throws(StoreError) -> R
    ) async throws(StoreError) -> R {
        let source = try await source()
        do throws(StoreError) {
            return try await body(source)
        } catch {
            throw translated(error)
        }
    }

    /// Translates an error of the snapshot: to `.transactionEnded`, if the transaction has ended it.
    func translated(_ error: StoreError) -> StoreError {
        error.code == .snapshotEnded && state.withLock { $0.hasEnded } ? endedError : error
    }

    /// The snapshot or store to read, chosen by the first read. If two reads take a snapshot at the same time, the
    /// later one is released.
    private func source() async throws(StoreError) -> any StoreReader {
        if let source = try open({ $0.source }) { return source.reader }
        let taken = try await takeSource()
        return try open { state in
            let kept = state.source ?? taken
            state.source = kept
            return kept.reader
        }
    }

    private func takeSource() async throws(StoreError) -> Source {
        guard let snapshots = store.snapshots else { return .store(store) }
        do throws(StoreError) {
            return .snapshot(try await snapshots.makeSnapshot())
        } catch {
            if error.code == .notSupported || error.code == .tooManySnapshots { return .store(store) }
            throw error
        }
    }
}

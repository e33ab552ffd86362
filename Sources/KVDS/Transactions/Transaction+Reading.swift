/// Reading: the buffer first, then what was read before, then the view.
extension Transaction {
    /// The value of `key`, own writes included.
    ///
    /// - Throws: `.transactionEnded`, and what reading the store throws.
    public func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        try limits.check(key: key)
        return try await value(of: key) { () throws(StoreError) in
            try await read { reader throws(StoreError) in try await reader.get(key) }
        }
    }

    /// Whether `key` has a value, own writes included. Unlike ``get(_:)`` it does not depend on which one.
    public func exists(_ key: Bytes) async throws(StoreError) -> Bool {
        try limits.check(key: key)
        return try await presence(of: key) { () throws(StoreError) in
            try await read { reader throws(StoreError) in try await reader.exists(key) }
        }
    }

    public func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        try await get(key).map { body($0.bytes) }
    }

    /// The entries in `range`, own writes included, as they are when the first one is asked for.
    ///
    /// The transaction depends on what the range holds up to the last key that was returned, and on nothing behind it.
    public func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        Entries {
            MergedScan(in: range, order: order, limit: limit) { () throws(StoreError) in
                try self.scan(try await self.view(), range, order, limit)
            }
        }
    }

    private func read<R>(
        _ body: (any StoreReader) async throws(StoreError) -> R
    ) async throws(StoreError) -> R {
        let view = try await view()
        do throws(StoreError) {
            return try await body(view)
        } catch {
            throw translated(error)
        }
    }

    /// What to tell of an error of the view: that the transaction has ended, if that is why the view has.
    func translated(_ error: StoreError) -> StoreError {
        error.code == .snapshotEnded && state.withLock { $0.hasEnded } ? endedError : error
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
        guard let source = store as? any SnapshotProvider else { return .store(store) }
        do throws(StoreError) {
            return .snapshot(try await source.snapshot())
        } catch {
            if error.code == .notSupported || error.code == .tooManySnapshots { return .store(store) }
            throw error
        }
    }
}

/// Reading: the lock first, then the buffer, then what was read before, then the store.
extension LockingTransaction {
    /// The value of `key`, own writes included, which nobody else writes until the transaction ends.
    ///
    /// - Throws: `.invalidKey`, `.transactionEnded`; when it had to wait for the lock also `.deadlock`, `.lockTimeout`,
    ///   `.cancelled`; and what reading the store throws.
    public func get(_ key: Bytes) async throws(StoreError) -> Bytes? { try await get(key, .shared) }

    /// The value of `key`, own writes included, which nobody else reads or writes until the transaction ends: for what is
    /// to be written next.
    ///
    /// - Throws: as ``get(_:)``.
    public func getForUpdate(_ key: Bytes) async throws(StoreError) -> Bytes? { try await get(key, .exclusive) }

    /// Whether `key` has a value, own writes included. It is locked as for ``get(_:)``.
    public func exists(_ key: Bytes) async throws(StoreError) -> Bool {
        try limits.check(key: key)
        try await lock(.shared, .key(key))
        return try await presence(of: key) { () throws(StoreError) in try await store.exists(key) }
    }

    public func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        try await get(key).map { body($0.bytes) }
    }

    /// The entries in `range`, own writes included, as they are when the first one is asked for.
    ///
    /// With the first entry the range is locked, empty places included: nobody sets a new key there until the transaction
    /// ends. With a limit, that part of it is locked which holds so many entries, and they are read
    /// three times. The entries that
    /// were returned are kept until the transaction ends, for its commit to compare.
    public func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        Entries {
            MergedScan(in: range, order: order, limit: limit) { () throws(StoreError) in
                try await self.lock(range, order, limit)
                return try self.scan(self.store, range, order, limit)
            }
        }
    }

    private func get(_ key: Bytes, _ mode: LockMode) async throws(StoreError) -> Bytes? {
        try limits.check(key: key)
        try await lock(mode, .key(key))
        return try await value(of: key) { () throws(StoreError) in try await store.get(key) }
    }

    /// Locks what a scan will read.
    private func lock(_ range: KeyRange, _ order: ScanOrder, _ limit: Int?) async throws(StoreError) {
        guard let limit else { return try await lock(.shared, range) }
        var locked: KeyRange?
        while true {
            // While it waits for the lock, another may delete, so that the same number of entries lies further apart.
            let needed = try await maxUpperBound(range, order, limit)
            if let locked, locked.contains(needed) { return }
            try await lock(.shared, needed)
            locked = needed
        }
    }

    /// The part of `range` that holds `limit` entries now.
    private func maxUpperBound(_ range: KeyRange, _ order: ScanOrder, _ limit: Int) async throws(StoreError) -> KeyRange
    {
        let buffer = try open { $0.buffer }
        let base = store.entries(in: range, order: order, limit: buffer.storeLimit(for: limit))
        let source = MergedScan(in: range, order: order, limit: limit) { () throws(StoreError) in
            MergedScan.Opening(base: base.makeSource(), buffer: buffer)
        }
        var count = 0
        var last: Bytes?
        while let page = try await source.nextPage() {
            for entry in page {
                count += 1
                last = entry.key
            }
        }
        guard count >= limit, let last else { return range }
        return switch order {
        case .forward: KeyRange(from: range.lowerBound, to: last.successor)
        case .reverse: KeyRange(from: last, to: range.upperBound)
        }
    }
}

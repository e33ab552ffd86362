/// Reading: acquires the lock, then looks in the buffer, in the earlier reads, and in the store.
extension LockingTransaction {
    /// The value of `key`, including own writes. No other transaction can write the key until this one ends.
    ///
    /// - Throws: `.invalidKey`, `.transactionEnded`; if it must wait for the lock also `.deadlock`, `.lockTimeout`,
    ///   `.cancelled`; and the errors of reading the store.
    public func get(_ key: Bytes) async throws(StoreError) -> Bytes? { try await get(key, .shared) }

    /// The value of `key`, including own writes. No other transaction can read or write the key until this one ends.
    /// Use it for a key that the transaction will write next.
    ///
    /// - Throws: as ``get(_:)``.
    public func getForUpdate(_ key: Bytes) async throws(StoreError) -> Bytes? { try await get(key, .exclusive) }

    /// Whether `key` has a value, including own writes. The key is locked as for ``get(_:)``.
    public func exists(_ key: Bytes) async throws(StoreError) -> Bool {
        try limits.check(key: key)
        try await lock(.shared, .key(key))
        return try await presence(of: key) { () throws(StoreError) in try await store.exists(key) }
    }

    public func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        try await get(key).map { body($0.bytes) }
    }

    /// The entries in `range`, including own writes, as of the request for the first entry.
    ///
    /// The request for the first entry locks the whole range, so that no other transaction can add a key to it until
    /// this one ends. With a limit, it locks only the part that holds that many entries, and reads these entries three
    /// times. The returned entries are kept until the transaction ends, because its commit compares them.
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

    /// Locks the range that a scan will read.
    private func lock(_ range: KeyRange, _ order: ScanOrder, _ limit: Int?) async throws(StoreError) {
        guard let limit else { return try await lock(.shared, range) }
        var locked: KeyRange?
        while true {
            // Another transaction may delete entries while this one waits, so that the limit reaches further.
            let needed = try await scannedRange(range, order, limit)
            if let locked, locked.contains(needed) { return }
            try await lock(.shared, needed)
            locked = needed
        }
    }

    /// The part of `range` that currently holds `limit` entries.
    private func scannedRange(_ range: KeyRange, _ order: ScanOrder, _ limit: Int) async throws(StoreError) -> KeyRange
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

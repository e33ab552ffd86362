/// Reports on a store, and verifies it.
public protocol StoreInspector: Sendable {
    /// The statistics that are available without reading all entries.
    ///
    /// - Throws: `.closed`; the errors of the engine.
    func inspect() async throws(StoreError) -> StoreStatistics

    /// Reads every entry and checks the order of keys, the lengths and the engine's checksums.
    ///
    /// - Parameter progress: called repeatedly with the number of entries read so far.
    /// - Returns: the number of entries.
    /// - Throws: `.corrupt` when a check fails; `.cancelled`; the errors of reading.
    func verifyAll(progress: (Int) -> Void) async throws(StoreError) -> Int
}

extension KeyValueStore {
    /// The statistics that are available without reading all entries.
    ///
    /// - Throws: `.notSupported` if the store has no inspector; otherwise as ``StoreInspector/inspect()``.
    public func statistics() async throws(StoreError) -> StoreStatistics {
        try await require(inspector, "statistics").inspect()
    }

    /// Reads every entry and checks the order of keys, the lengths and the engine's checksums.
    ///
    /// - Parameter progress: called repeatedly with the number of entries read so far.
    /// - Returns: the number of entries.
    /// - Throws: `.notSupported` if the store has no inspector; otherwise as ``StoreInspector/verifyAll(progress:)``.
    public func verify(progress: (Int) -> Void = { _ in }) async throws(StoreError) -> Int {
        try await require(inspector, "verification").verifyAll(progress: progress)
    }
}

extension StoreReader {
    /// Reads every entry and checks the order of keys and the lengths.
    ///
    /// - Parameter progress: called repeatedly with the number of entries read so far.
    /// - Returns: the number of entries.
    /// - Throws: `.corrupt` when a check fails; the errors of reading.
    func verifyEntries(progress: (Int) -> Void) async throws(StoreError) -> Int {
        let limits = limits
        var count = 0
        var last: Bytes?
        for try await page in entries().pages {
            for entry in page {
                let isOrdered = last.map { $0 < entry.key } ?? true
                let isAllowed =
                    entry.key.count >= 1 && entry.key.count <= limits.maximumKeyLength
                    && entry.value.count <= limits.maximumValueLength
                if !isOrdered || !isAllowed {
                    throw StoreError(
                        .corrupt,
                        "The entry after \(count) others is out of order or has an invalid length; restore a backup.",
                        store: description)
                }
                last = entry.key
                count += 1
            }
            progress(count)
        }
        return count
    }
}

/// Reports on a store, and verifies it.
public protocol StoreInspector: Sendable {
    /// Whether other processes may read and write the same files at the same time.
    var isShared: Bool { get }

    /// The statistics that are available without reading all entries.
    ///
    /// - Throws: `.closed`; the errors of the engine.
    func statistics() async throws(StoreError) -> StoreStatistics

    /// Reads every entry and checks the order of keys, the lengths and the engine's checksums.
    ///
    /// - Parameter progress: called repeatedly with the number of entries read so far.
    /// - Returns: the number of entries.
    /// - Throws: `.corrupt` when a check fails; `.cancelled`; the errors of reading.
    func verify(progress: (Int) -> Void) async throws(StoreError) -> Int
}

extension KeyValueStore {
    /// Whether other processes may read and write the same files at the same time; false if the store has no inspector.
    public var isShared: Bool { inspector?.isShared ?? false }

    /// The statistics that are available without reading all entries.
    ///
    /// - Throws: `.notSupported` if the store has no inspector; otherwise as ``StoreInspector/statistics()``.
    public func statistics() async throws(StoreError) -> StoreStatistics {
        try await require(inspector, "statistics").statistics()
    }

    /// Reads every entry and checks the order of keys, the lengths and the engine's checksums.
    ///
    /// - Parameter progress: called repeatedly with the number of entries read so far.
    /// - Returns: the number of entries.
    /// - Throws: `.notSupported` if the store has no inspector; otherwise as ``StoreInspector/verify(progress:)``.
    public func verify(progress: (Int) -> Void = { _ in }) async throws(StoreError) -> Int {
        try await require(inspector, "verification").verify(progress: progress)
    }
}

extension StoreReader {
    /// Reads every entry and checks the order of keys and the lengths.
    ///
    /// - Parameter progress: called repeatedly with the number of entries read so far.
    /// - Returns: the number of entries.
    /// - Throws: `.corrupt` when a check fails; the errors of reading.
    func verifyEntries(progress: (Int) -> Void) async throws(StoreError) -> Int {
        var count = 0
        var last: Bytes?
        for try await page in entries().pages {
            for entry in page {
                let isOrdered = last.map { $0 < entry.key } ?? true
                let isAllowed =
                    1...limits.maximumKeyLength ~= entry.key.count && entry.value.count <= limits.maximumValueLength
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

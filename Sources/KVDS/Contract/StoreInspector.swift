/// Reports on a store, and verifies it.
public protocol StoreInspector: Sendable {
    /// Whether other processes may read and write the same files at the same time.
    var isShared: Bool { get }

    /// The figures that the store knows without reading everything.
    ///
    /// - Throws: `.closed`, or what the engine throws.
    func statistics() async throws(StoreError) -> StoreStatistics

    /// Reads every entry and checks order, lengths and the engine's checksums.
    ///
    /// - Parameter progress: called from time to time with the number of entries read so far.
    /// - Returns: the number of entries.
    /// - Throws: `.corrupt` when a check fails, `.cancelled`, and what reading throws.
    func verify(progress: (Int) -> Void) async throws(StoreError) -> Int
}

extension KeyValueStore {
    /// Whether other processes may read and write the same files at the same time; false where the store has no inspector.
    public var isShared: Bool { inspector?.isShared ?? false }

    /// The figures that the store knows without reading everything.
    ///
    /// - Throws: `.notSupported` when the store has none; otherwise as ``StoreInspector/statistics()``.
    public func statistics() async throws(StoreError) -> StoreStatistics {
        try await require(inspector, "statistics").statistics()
    }

    /// Reads every entry and checks order, lengths and the engine's checksums.
    ///
    /// - Parameter progress: called from time to time with the number of entries read so far.
    /// - Returns: the number of entries.
    /// - Throws: `.notSupported` when the store cannot; otherwise as ``StoreInspector/verify(progress:)``.
    public func verify(progress: (Int) -> Void = { _ in }) async throws(StoreError) -> Int {
        try await require(inspector, "verification").verify(progress: progress)
    }
}

extension StoreReader {
    /// Reads every entry and checks order and lengths.
    ///
    /// - Parameter progress: called from time to time with the number of entries read so far.
    /// - Returns: the number of entries.
    /// - Throws: `.corrupt` when a check fails, and what reading throws.
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
                        "After \(count) entries one is out of order or of a length that cannot be; restore a backup.",
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

import KVDS

/// Checks that the disk has room for a batch before RocksDB receives it.
///
/// If RocksDB cannot write its log, the outcome is unknown and the store must be reopened. If the batch was not begun,
/// nothing has changed, and the store continues when there is room again.
///
/// `@unchecked Sendable` is right because only the single open transaction uses it.
final class RocksDBDiskSpaceGuard: @unchecked Sendable {
    /// The number of bytes that stay free: RocksDB also needs room to write its files.
    private static let reserve = 1 << 20
    /// The number of bytes of commits without a sync between two checks of the disk.
    private static let interval = 256 << 10

    private let database: RocksDBDatabase
    private var unchecked = RocksDBDiskSpaceGuard.interval

    init(_ database: RocksDBDatabase) { self.database = database }

    /// - Parameters:
    ///   - byteCount: the number of bytes to write.
    ///   - waits: whether the commit waits for the disk, so that the cost of the check does not matter.
    /// - Throws: `.diskFull`.
    func check(_ byteCount: Int, waits: Bool) throws(StoreError) {
        unchecked += byteCount
        if !waits, unchecked < Self.interval { return }
        unchecked = 0
        guard let free = database.freeBytes, free < Self.reserve + 2 * byteCount else { return }
        unchecked = Self.interval
        throw StoreError(
            .diskFull, "The disk has \(free) bytes left, too few for RocksDB to continue; make room on it.",
            store: database.path)
    }
}

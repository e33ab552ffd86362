import KVDS

/// Looks whether the disk has room for a batch before RocksDB is given it.
///
/// A log that could not be written leaves the outcome unknown, and the store has to be reopened; a batch that was not
/// begun has changed nothing, and the store goes on when there is room again.
///
/// `@unchecked Sendable` is right because only the one transaction there is uses it.
final class RocksDBDiskSpaceGuard: @unchecked Sendable {
    /// What is left alone: RocksDB needs room to write its files, too.
    private static let reserve = 1 << 20
    /// After how many bytes of commits that wait for nothing the disk is looked at again.
    private static let interval = 256 << 10

    private let database: RocksDBDatabase
    private var unchecked = RocksDBDiskSpaceGuard.interval

    init(_ database: RocksDBDatabase) { self.database = database }

    /// - Parameters:
    ///   - byteCount: what is to be written.
    ///   - waits: whether the commit waits for the disk, beside which a look at it costs nothing.
    /// - Throws: `.diskFull`.
    func check(_ byteCount: Int, waits: Bool) throws(StoreError) {
        unchecked += byteCount
        if !waits, unchecked < Self.interval { return }
        unchecked = 0
        guard let free = database.freeBytes, free < Self.reserve + 2 * byteCount else { return }
        unchecked = Self.interval
        throw StoreError(
            .diskFull, "The disk has \(free) bytes left, too few for RocksDB to go on; make room on it.",
            store: database.path)
    }
}

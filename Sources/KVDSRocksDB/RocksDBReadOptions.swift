import CRocksDB

/// The owner of read options: whether a read may wait, which snapshot it reads, and the bounds of its iterator.
///
/// RocksDB does not copy the bounds, so this object owns them and lives longer than any iterator made with it.
///
/// `@unchecked Sendable` is right because the options are constant once they are set up; `@safe` because the pointers
/// do not leave the module and are freed here.
@safe
final class RocksDBReadOptions: @unchecked Sendable {
    let pointer: OpaquePointer
    /// Whether a read with these options may wait for a disk.
    let mayBlock: Bool
    private var bounds: [UnsafeMutableRawBufferPointer] = unsafe []

    init(mayBlock: Bool) {
        self.mayBlock = mayBlock
        unsafe pointer = rocksdb_readoptions_create()
        // An iterator may be the last user of a file. The file is then removed in the background.
        unsafe rocksdb_readoptions_set_background_purge_on_iterator_cleanup(pointer, 1)
        // 1 is kBlockCacheTier: a read of data that is not in memory is reported as incomplete.
        if !mayBlock { unsafe rocksdb_readoptions_set_read_tier(pointer, 1) }
    }

    convenience init(mayBlock: Bool, snapshot: OpaquePointer) {
        self.init(mayBlock: mayBlock)
        unsafe rocksdb_readoptions_set_snapshot(pointer, snapshot)
    }

    deinit {
        unsafe rocksdb_readoptions_destroy(pointer)
        unsafe bounds.forEach { unsafe $0.deallocate() }
    }

    func setLowerBound(_ key: [UInt8]) {
        let bound = unsafe keep(key)
        unsafe rocksdb_readoptions_set_iterate_lower_bound(
            pointer, UnsafeRawBufferPointer(bound).characters, bound.count)
    }

    func setUpperBound(_ key: [UInt8]) {
        let bound = unsafe keep(key)
        unsafe rocksdb_readoptions_set_iterate_upper_bound(
            pointer, UnsafeRawBufferPointer(bound).characters, bound.count)
    }

    private func keep(_ key: [UInt8]) -> UnsafeMutableRawBufferPointer {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: key.count, alignment: 1)
        unsafe copy.copyBytes(from: key)
        unsafe bounds.append(copy)
        return unsafe copy
    }
}

import CRocksDB

/// The owner of write options.
///
/// `@unchecked Sendable` is right because the options are constant; `@safe` because the pointer is freed here.
@safe
final class RocksDBWriteOptions: @unchecked Sendable {
    let pointer: OpaquePointer

    init(sync: Bool, mayBlock: Bool) {
        unsafe pointer = rocksdb_writeoptions_create()
        unsafe rocksdb_writeoptions_set_sync(pointer, sync ? 1 : 0)
        unsafe rocksdb_writeoptions_set_no_slowdown(pointer, mayBlock ? 0 : 1)
    }

    deinit { unsafe rocksdb_writeoptions_destroy(pointer) }
}

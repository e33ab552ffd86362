import CRocksDB

/// The owner of the options a database is opened with.
@safe
final class RocksDBOptions {
    let pointer: OpaquePointer

    init(_ configuration: RocksDBConfiguration) {
        let options: OpaquePointer = unsafe rocksdb_options_create()
        unsafe pointer = options
        unsafe rocksdb_options_set_create_if_missing(options, 1)
        unsafe rocksdb_options_set_create_missing_column_families(options, 1)
        unsafe rocksdb_options_set_write_buffer_size(options, max(configuration.writeBufferSize, 64 << 10))
        unsafe rocksdb_options_set_max_open_files(options, Int32(clamping: configuration.maximumOpenFiles))
        unsafe rocksdb_options_set_compression(options, Int32(configuration.compression.number))
        // Nothing goes to its own log beside the data: where RocksDB is built with assertions, as Debian does, the line
        // after one that a full disk did not take ends the process. 4 is FATAL_LEVEL, which it does not use.
        unsafe rocksdb_options_set_info_log_level(options, 4)
        unsafe rocksdb_options_set_keep_log_file_num(options, 2)
        // Nobody reads the statistics that it would write there every ten minutes. What it notes of a database for that stays
        // for ten minutes after the database is closed.
        unsafe rocksdb_options_set_stats_dump_period_sec(options, 0)
        unsafe rocksdb_options_set_stats_persist_period_sec(options, 0)

        let table: OpaquePointer = unsafe rocksdb_block_based_options_create()
        unsafe rocksdb_block_based_options_set_block_cache(table, configuration.blockCache.pointer)
        if configuration.bloomBitsPerKey > 0 {
            // The table's options own the filter from here on.
            unsafe rocksdb_block_based_options_set_filter_policy(
                table, rocksdb_filterpolicy_create_bloom_full(configuration.bloomBitsPerKey))
        }
        unsafe rocksdb_options_set_block_based_table_factory(options, table)
        unsafe rocksdb_block_based_options_destroy(table)
    }

    deinit { unsafe rocksdb_options_destroy(pointer) }
}

extension RocksDBConfiguration.Compression {
    fileprivate var number: Int {
        switch self {
        case .none: rocksdb_no_compression
        case .snappy: rocksdb_snappy_compression
        case .lz4: rocksdb_lz4_compression
        case .zstd: rocksdb_zstd_compression
        }
    }
}

/// The owner of read options: what a read may wait for, which moment it sees, and the bounds of its iterator.
///
/// RocksDB does not copy the bounds, so they live here, and this object lives longer than any iterator made with it.
///
/// `@unchecked Sendable` is right because the options are constant once they are set up; `@safe` because the pointers do
/// not leave the module and are freed here.
@safe
final class RocksDBReadOptions: @unchecked Sendable {
    let pointer: OpaquePointer
    /// Whether a read with these options may wait for a disk.
    let mayBlock: Bool
    private var bounds: [UnsafeMutableRawBufferPointer] = unsafe []

    init(mayBlock: Bool) {
        self.mayBlock = mayBlock
        unsafe pointer = rocksdb_readoptions_create()
        // An iterator may be the last to hold a file; the file is then removed in the background.
        unsafe rocksdb_readoptions_set_background_purge_on_iterator_cleanup(pointer, 1)
        // 1 is kBlockCacheTier: what is not in memory is reported as incomplete.
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

import CRocksDB

/// The owner of the options for opening a database.
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
        // RocksDB writes nothing to its info log. If it is built with assertions, as on Debian, it aborts the process
        // at the next line after one that did not fit on a full disk. 4 is FATAL_LEVEL, which RocksDB does not use.
        unsafe rocksdb_options_set_info_log_level(options, 4)
        unsafe rocksdb_options_set_keep_log_file_num(options, 2)
        // The statistics that RocksDB would write there every ten minutes are not used. The data it keeps for them
        // would outlive a closed database by ten minutes.
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

import CRocksDB
import KVDS

extension RocksDBDatabase {
    /// Calls `body` with the value of `key`, which is valid during the call.
    ///
    /// - Throws: `.wouldBlock` when the read would block and the options do not allow it to wait.
    func withBuffer<R>(
        for key: Bytes, _ options: RocksDBReadOptions, _ body: (UnsafeRawBufferPointer) -> R
    ) throws(EngineError) -> R? {
        let slice = try unsafe calling({ EngineError.rocksDB($0, path) }) { error in
            unsafe key.withUnsafeBytes {
                unsafe rocksdb_get_pinned(pointer, options.pointer, $0.characters, $0.count, error)
            }
        }
        guard let slice = unsafe slice else { return nil }
        defer { unsafe rocksdb_pinnableslice_destroy(slice) }
        var length = 0
        let value = unsafe rocksdb_pinnableslice_value(slice, &length)
        if length == 0, !options.mayBlock, !isKnown(key, options) { throw .wouldBlock }
        return unsafe body(UnsafeRawBufferPointer(start: value, count: length))
    }

    /// Whether an empty value that a non-blocking get found for `key` is really its value.
    ///
    /// If the table file that may hold the key is not open, a non-blocking get returns "found" with an empty value,
    /// although it means "maybe". Only `rocksdb_key_may_exist` tells the two cases apart.
    private func isKnown(_ key: Bytes, _ options: RocksDBReadOptions) -> Bool {
        var isFound: UInt8 = 0
        var value: UnsafeMutablePointer<CChar>?
        var length = 0
        _ = unsafe key.withUnsafeBytes {
            unsafe rocksdb_key_may_exist(
                pointer, options.pointer, $0.characters, $0.count, &value, &length, nil, 0, &isFound)
        }
        if let value = unsafe value { unsafe rocksdb_free(value) }
        return isFound != 0
    }
}

import CRocksDB
import KVDS

/// The owner of an iterator and, because RocksDB points into them, of its read options and bounds.
@safe
final class RocksDBIterator {
    private let database: RocksDBDatabase
    private let options: RocksDBReadOptions
    private let pointer: OpaquePointer
    private let order: ScanOrder
    /// The upper bound, if the iterator does not apply it by itself.
    private let end: Bytes?

    /// - Parameters:
    ///   - checksBounds: whether to compare each key with the upper bound. A forward iterator over a batch needs this,
    ///     because it does not apply its bounds to the keys of the batch.
    ///   - make: creates the iterator with the options.
    init(
        _ database: RocksDBDatabase, _ options: RocksDBReadOptions, _ range: KeyRange, _ order: ScanOrder,
        checksBounds: Bool = false, make: (OpaquePointer) -> OpaquePointer
    ) {
        options.setLowerBound(Array(range.lowerBound))
        if let upperBound = range.upperBound { options.setUpperBound(Array(upperBound)) }
        self.database = database
        self.options = options
        self.order = order
        end = checksBounds ? range.upperBound : nil
        unsafe pointer = make(options.pointer)
        switch order {
        case .forward:
            unsafe range.lowerBound.withUnsafeBytes { unsafe rocksdb_iter_seek(pointer, $0.characters, $0.count) }
        case .reverse: unsafe rocksdb_iter_seek_to_last(pointer)
        }
    }

    deinit { unsafe rocksdb_iter_destroy(pointer) }

    /// Adds entries to `page` until it is full or the range ends.
    ///
    /// - Returns: whether the range has ended.
    func fill(_ page: inout EntryPage.Builder) throws(EngineError) -> Bool {
        while unsafe rocksdb_iter_valid(pointer) != 0 {
            var keyLength = 0
            var valueLength = 0
            let key = unsafe rocksdb_iter_key(pointer, &keyLength)
            let keyBytes = unsafe UnsafeRawBufferPointer(start: key, count: keyLength)
            if let end, unsafe end.withUnsafeBytes({ unsafe compareBytes(keyBytes, $0) >= 0 }) { return true }
            let value = unsafe rocksdb_iter_value(pointer, &valueLength)
            let isAdded = unsafe page.append(
                key: keyBytes, value: UnsafeRawBufferPointer(start: value, count: valueLength))
            if !isAdded { return false }
            switch order {
            case .forward: unsafe rocksdb_iter_next(pointer)
            case .reverse: unsafe rocksdb_iter_prev(pointer)
            }
        }
        try unsafe calling({ EngineError.rocksDB($0, database.path) }) { error in
            unsafe rocksdb_iter_get_error(pointer, error)
        }
        return true
    }
}

import CRocksDB
import KVDS

/// The owner of a write batch, with or without an index of its writes.
@safe
final class RocksDBBatch {
    @unsafe
    private enum Kind {
        case plain(OpaquePointer)
        case indexed(OpaquePointer)
    }

    let isIndexed: Bool
    /// The approximate number of bytes that it adds to the log.
    private(set) var byteCount = 0
    private let kind: Kind

    init(isIndexed: Bool) {
        self.isIndexed = isIndexed
        // 1: for two writes to one key, the index shows the later one.
        unsafe kind = isIndexed ? .indexed(rocksdb_writebatch_wi_create(0, 1)) : .plain(rocksdb_writebatch_create())
    }

    deinit {
        switch unsafe kind {
        case .plain(let batch): unsafe rocksdb_writebatch_destroy(batch)
        case .indexed(let batch): unsafe rocksdb_writebatch_wi_destroy(batch)
        }
    }

    func set(_ key: Bytes, _ value: Bytes) {
        byteCount += key.count + value.count + 16
        unsafe key.withUnsafeBytes { key in
            unsafe value.withUnsafeBytes { value in
                switch unsafe kind {
                case .plain(let batch):
                    unsafe rocksdb_writebatch_put(batch, key.characters, key.count, value.characters, value.count)
                case .indexed(let batch):
                    unsafe rocksdb_writebatch_wi_put(batch, key.characters, key.count, value.characters, value.count)
                }
            }
        }
    }

    func put(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, in family: OpaquePointer) {
        switch unsafe kind {
        case .plain(let batch):
            unsafe rocksdb_writebatch_put_cf(batch, family, key.characters, key.count, value.characters, value.count)
        case .indexed(let batch):
            unsafe rocksdb_writebatch_wi_put_cf(batch, family, key.characters, key.count, value.characters, value.count)
        }
    }

    func delete(_ key: Bytes) {
        byteCount += key.count + 16
        unsafe key.withUnsafeBytes { key in
            switch unsafe kind {
            case .plain(let batch): unsafe rocksdb_writebatch_delete(batch, key.characters, key.count)
            case .indexed(let batch): unsafe rocksdb_writebatch_wi_delete(batch, key.characters, key.count)
            }
        }
    }

    /// The value of `key`, with the writes of the batch applied. The batch must have an index.
    func get(_ key: Bytes, _ database: RocksDBDatabase, _ options: RocksDBReadOptions) throws(EngineError) -> Bytes? {
        guard case .indexed(let batch) = unsafe kind else { return nil }
        var length = 0
        let value = try unsafe calling({ EngineError.rocksDB($0, database.path) }) { error in
            unsafe key.withUnsafeBytes { key in
                unsafe rocksdb_writebatch_wi_get_from_batch_and_db(
                    batch, database.pointer, options.pointer, key.characters, key.count, &length, error)
            }
        }
        guard let value = unsafe value else { return nil }
        defer { unsafe rocksdb_free(value) }
        return unsafe Bytes(copying: UnsafeRawBufferPointer(start: value, count: length))
    }

    /// An iterator over the database, with the writes of the batch applied if the batch has an index. It owns `base`.
    func iterator(over base: OpaquePointer) -> OpaquePointer {
        guard case .indexed(let batch) = unsafe kind else { return unsafe base }
        return unsafe rocksdb_writebatch_wi_create_iterator_with_base(batch, base)
    }

    func write(to database: RocksDBDatabase, _ options: RocksDBWriteOptions) throws(EngineError) {
        do throws(EngineError) {
            try unsafe calling({ EngineError.rocksDB(write: $0, database.path) }) { error in
                switch unsafe kind {
                case .plain(let batch): unsafe rocksdb_write(database.pointer, options.pointer, batch, error)
                case .indexed(let batch):
                    unsafe rocksdb_write_writebatch_wi(database.pointer, options.pointer, batch, error)
                }
            }
        } catch {
            if case .failed(let failure) = error, failure.code == .outcomeUnknown { database.noteBrokenLog() }
            throw error
        }
    }
}

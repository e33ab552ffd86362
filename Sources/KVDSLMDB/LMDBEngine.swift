import CLMDB
package import KVDS
import KVDSSystem
import Synchronization

/// The engine of an LMDB store.
///
/// Reads use a pooled read transaction and read directly from the map. Writes run on the store's own thread, because a
/// write transaction belongs to the thread that began it. Other processes may read and write the same files.
package final class LMDBEngine: StorageEngine {
    /// Reader slots that scans and snapshots leave for point reads.
    private static let reservedReaders = 16

    let environment: LMDBEnvironment
    let readers: LMDBReaderPool
    private let configuration: LMDBConfiguration
    private let snapshots = Atomic<Int>(0)

    /// Opens the store in the directory at `path`, and creates it if there is none. May wait for a disk.
    package init(path: String, configuration: LMDBConfiguration) throws(StoreError) {
        environment = try LMDBEnvironment(path: path, configuration: configuration)
        readers = LMDBReaderPool(environment)
        self.configuration = configuration
    }

    package var isShared: Bool { true }

    package var limits: StoreLimits {
        StoreLimits(maximumKeyLength: LMDBRawCursor.maximumKeyLength, maximumValueLength: Int(Int32.max))
    }

    package func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? {
        try unsafe withBuffer(for: key) { unsafe Bytes(copying: $0) }
    }

    package func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try unsafe withBuffer(for: key) { unsafe body($0.bytes) } != nil
    }

    private func withBuffer<R>(for key: Bytes, _ body: (UnsafeRawBufferPointer) -> R) throws(EngineError) -> R? {
        try unsafe readers.withTransaction { transaction throws(EngineError) in
            try unsafe LMDBEngine.find(key, transaction, environment, body)
        }
    }

    /// Calls `body` with the value of `key` in `transaction`.
    static func find<R>(
        _ key: Bytes, _ transaction: OpaquePointer, _ environment: LMDBEnvironment,
        _ body: (UnsafeRawBufferPointer) -> R
    ) throws(EngineError) -> R? {
        var value = unsafe MDB_val()
        let code = unsafe key.withUnsafeBytes { key in
            var key = unsafe MDB_val(key)
            return unsafe mdb_get(transaction, environment.entries, &key, &value)
        }
        if code == MDB_NOTFOUND { return nil }
        try check(code, "read", environment.path)
        return unsafe body(value.buffer)
    }

    package func makeSnapshot() throws(EngineError) -> LMDBSnapshot {
        let count = snapshots.add(1, ordering: .relaxed).newValue
        do throws(EngineError) {
            let most = max(environment.maximumReaders - Self.reservedReaders, 1)
            if count > most {
                throw .failed(
                    StoreError(
                        .tooManySnapshots,
                        "\(most) scans and snapshots are open, the most that \(environment.maximumReaders) reader slots allow; end some, or raise maximumReaders.",
                        store: environment.path))
            }
            return try LMDBSnapshot(engine: self, reader: readers.take())
        } catch {
            snapshots.subtract(1, ordering: .relaxed)
            throw error
        }
    }

    func giveBack(_ reader: LMDBReader) {
        readers.put(reader)
        snapshots.subtract(1, ordering: .relaxed)
    }

    package func beginTransaction(readsOwnWrites: Bool, mayBlock: Bool) throws(EngineError) -> LMDBTransaction {
        try LMDBTransaction(environment)
    }

    /// Remaps the file. Scans may be open: a read transaction without a running call and without a cursor holds no
    /// address of the map; see Documentation/Decisions/0006.
    package func grow(forWriting: Bool) throws(StoreError) {
        // Without a map, LMDB cannot report its size.
        try environment.requireMap()
        let before = environment.mapSize
        // Zero adopts the size noted in the file by the process that enlarged it.
        try environment.setMapSize(0)
        if !forWriting || environment.mapSize > before { return }
        // LMDB keeps the pages that stale readers could see until their slots are cleared.
        if environment.clearStaleReaders() { return }
        guard before < configuration.maximumMapSize else {
            throw StoreError(
                .storeFull,
                "The store has reached its maximum size of \(configuration.maximumMapSize) bytes; delete entries or raise maximumMapSize.",
                store: environment.path)
        }
        let page = 1 << 16
        let size = (min(before * 2, configuration.maximumMapSize) + page - 1) / page * page
        // LMDB unmaps the old map before it requests the new one, so first check that the new one is available.
        let trial = unsafe mmap(nil, size, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0)
        guard unsafe trial != MAP_FAILED else {
            throw StoreError(
                .storeFull, "The system has no address space for a map of \(size) bytes.", store: environment.path)
        }
        unsafe munmap(trial, size)
        try environment.setMapSize(size)
    }

    package func inspect() throws(EngineError) -> EngineStatistics {
        let (count, revision) = try unsafe readers.withTransaction { transaction throws(EngineError) in
            var statistics = MDB_stat()
            try check(unsafe mdb_stat(transaction, environment.entries, &statistics), "count", environment.path)
            return (Int(statistics.ms_entries), try unsafe environment.revision(transaction))
        }
        let files = try EngineError.wrapping { () throws(StoreError) in try environment.files() }
        return EngineStatistics(
            entryCount: count, byteCount: files.reduce(0) { $0 + $1.byteCount }, revision: revision, files: files)
    }

    package func close() throws(StoreError) {
        readers.removeAll()
        environment.close()
    }
}

extension LMDBEnvironment {
    /// The revision of the last commit that `transaction` sees.
    func revision(_ transaction: OpaquePointer) throws(EngineError) -> Revision {
        try EngineError.wrapping { () throws(StoreError) in
            Revision(
                rawValue: try unsafe LMDBEnvironment.number(StoreFormat.revisionKey, transaction, meta, path) ?? 0)
        }
    }
}

extension LMDBEngine: BackupEngine {
    package static func create(at path: String) throws(StoreError) -> LMDBEngine {
        try LMDBEngine(path: path, configuration: LMDBConfiguration())
    }
}

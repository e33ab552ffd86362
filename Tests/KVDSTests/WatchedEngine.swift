@testable import KVDS

/// A memory engine that records its calls and refuses them according to its notes.
///
/// Like RocksDB, it commits buffered batches on their caller's thread and durable ones on the store's thread.
final class WatchedEngine: BackupEngine {
    let base = MemoryEngine()
    let notes: EngineNotes

    /// The notes for engines that are created at a path.
    static let planned = Monitor<[String: EngineNotes]>([:])

    init(_ notes: EngineNotes) { self.notes = notes }

    static func create(at path: String) throws(StoreError) -> WatchedEngine {
        let notes = planned.withLock { $0[path] } ?? EngineNotes()
        notes.open()
        return WatchedEngine(notes)
    }

    static func open(
        _ notes: EngineNotes, durability: Durability = .durable
    ) async throws(StoreError) -> EmbeddedStore<WatchedEngine> {
        let configuration = StoreConfiguration(durability: durability)
        return try await EmbeddedStore.open("watched:", configuration: configuration) {
            // Opening may block on a disk.
            notes.open()
            return WatchedEngine(notes)
        }
    }

    var limits: StoreLimits { notes.limits ?? base.limits }
    func mayBlock(for batch: WriteBatch, _ durability: Durability) -> Bool { durability == .durable }

    func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? {
        try notes.admit(mayBlock)
        return try base.get(key, mayBlock: mayBlock)
    }

    func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try notes.admit(mayBlock)
        return try base.read(key, mayBlock: mayBlock, body)
    }

    func makeSnapshot() throws(EngineError) -> WatchedSnapshot {
        if notes.seen.mapFull { try notes.admit(false) }
        return WatchedSnapshot(try base.makeSnapshot(), notes)
    }

    func beginTransaction(readsOwnWrites: Bool, mayBlock: Bool) throws(EngineError) -> WatchedTransaction {
        try notes.admit(mayBlock)
        try notes.throwPlanned(\.beginError)
        notes.began()
        return WatchedTransaction(
            try base.beginTransaction(readsOwnWrites: readsOwnWrites, mayBlock: mayBlock), notes)
    }

    func grow(forWriting: Bool) throws(StoreError) { notes.madeRoom(forWriting) }
    func inspect() throws(EngineError) -> EngineStatistics { try base.inspect() }

    func close() throws(StoreError) {
        notes.closed()
        try base.close()
    }
}

/// A snapshot of a ``WatchedEngine``.
final class WatchedSnapshot: EngineSnapshot {
    private let base: MemorySnapshot
    private let notes: EngineNotes
    /// The number of open cursors.
    private let cursors = Monitor(0)

    init(_ base: MemorySnapshot, _ notes: EngineNotes) {
        self.base = base
        self.notes = notes
        notes.change { $0.snapshots += 1 }
    }

    deinit {
        let cursors = cursors.withLock { $0 }
        notes.change { state in
            state.snapshots -= 1
            if cursors > 0 { state.wrongs.append("a snapshot goes before its cursor") }
        }
    }

    func revision(mayBlock: Bool) throws(EngineError) -> Revision {
        try notes.admit(mayBlock)
        return try base.revision(mayBlock: mayBlock)
    }

    func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? {
        try notes.admit(mayBlock)
        return try base.get(key, mayBlock: mayBlock)
    }

    func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try notes.admit(mayBlock)
        return try base.read(key, mayBlock: mayBlock, body)
    }

    func makeCursor(in range: KeyRange, order: ScanOrder) throws(EngineError) -> WatchedCursor {
        if notes.seen.failsCursors { throw .failed(StoreError(.ioFailure, "There is no cursor.")) }
        return WatchedCursor(try base.makeCursor(in: range, order: order), notes, countedIn: cursors)
    }
}

/// A cursor of a ``WatchedSnapshot``.
final class WatchedCursor: EngineCursor {
    private let base: MemoryCursor
    private let notes: EngineNotes
    private let count: Monitor<Int>

    init(_ base: MemoryCursor, _ notes: EngineNotes, countedIn count: Monitor<Int>) {
        self.base = base
        self.notes = notes
        self.count = count
        count.withLock { $0 += 1 }
    }

    deinit { count.withLock { $0 -= 1 } }

    func fill(_ page: inout EntryPage.Builder, mayBlock: Bool) throws(EngineError) -> Bool {
        try notes.admit(mayBlock)
        return try base.fill(&page, mayBlock: mayBlock)
    }
}

/// A transaction of a ``WatchedEngine``.
final class WatchedTransaction: EngineTransaction {
    private let base: MemoryTransaction
    private let notes: EngineNotes
    private var isOver = false

    init(_ base: MemoryTransaction, _ notes: EngineNotes) {
        self.base = base
        self.notes = notes
    }

    var revision: Revision { base.revision }
    func get(_ key: Bytes) throws(EngineError) -> Bytes? { try base.get(key) }
    func makeCursor(in range: KeyRange) throws(EngineError) -> MemoryCursor { try base.makeCursor(in: range) }

    func set(_ key: Bytes, to value: Bytes) throws(EngineError) {
        try notes.admit(setting: key)
        try base.set(key, to: value)
    }

    func delete(_ key: Bytes) throws(EngineError) { try base.delete(key) }
    func delete(in range: KeyRange) throws(EngineError) { try base.delete(in: range) }

    func commit(_ revision: Revision, _ durability: Durability) throws(EngineError) -> Durability {
        end()
        try notes.throwPlanned(\.commitError)
        notes.committed(revision, durability)
        _ = try base.commit(revision, durability)
        return durability
    }

    func abort() {
        end()
        base.abort()
    }

    private func end() {
        if isOver { return }
        isOver = true
        notes.change { $0.ended += 1 }
    }
}

/// The small synchronous core of an embedded store, without `await`, queue or policy.
///
/// ``EmbeddedStore`` turns it into a complete ``KeyValueStore``: it queues and groups commits, counts revisions,
/// streams scans, and closes in order. An engine only reads, writes one transaction at a time, and closes. It may rely
/// on these guarantees:
///
/// - At most one transaction exists at a time. It begins and ends on one thread: on the store's own thread if it may
///   block.
/// - ``grow(forWriting:)`` and ``close()`` run while no other call on the engine, its snapshots or its cursors is in
///   progress. However, a snapshot may be released at the same time.
/// - All snapshots and cursors have been released before ``close()`` is called. The engine object itself may be
///   released later.
/// - Keys and values have been checked against ``limits``. The bounds of a range have not been checked and may have any
///   length.
public protocol StorageEngine: AnyObject, Sendable {
    associatedtype Snapshot: EngineSnapshot
    associatedtype Transaction: EngineTransaction

    /// Whether commits and closing need their own thread, because they wait for a disk or are bound to a thread. If
    /// not, the store's actor makes all commits, whatever ``mayBlock(for:_:)`` returns. Default: true.
    static var needsThread: Bool { get }

    /// Whether other processes may read and write the same files at the same time. Default: false.
    var isShared: Bool { get }

    /// The limits on the length of keys and values.
    var limits: StoreLimits { get }

    /// Whether committing `batch` with `durability` may wait for a disk or another process, or take long. Such commits
    /// run on the store's thread. The store's actor makes the others, without a thread switch. Default: as
    /// ``needsThread``.
    func mayBlock(for batch: WriteBatch, _ durability: Durability) -> Bool

    /// The newest value of `key`.
    ///
    /// - Parameters:
    ///   - key: the key to look up.
    ///   - mayBlock: whether the call may wait for a disk.
    /// - Returns: an owned copy of the value, or nil if `key` has none.
    /// - Throws: `.wouldBlock` if the call must not wait but would have to; the store repeats it with `mayBlock` true.
    ///   `.mapFull` if the store must call ``grow(forWriting:)`` before it repeats the call.
    func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes?

    /// Calls `body` with the newest value of `key`, without a copy if possible. After that call it does not throw.
    ///
    /// - Returns: whether `key` has a value.
    /// - Throws: as ``get(_:mayBlock:)``.
    func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool

    /// Takes a snapshot, which later commits do not change.
    func makeSnapshot() throws(EngineError) -> Snapshot

    /// Begins the write transaction.
    ///
    /// - Parameters:
    ///   - readsOwnWrites: whether the transaction will read something, or delete a range, after it has written
    ///     something. If not, the engine can save the cost of reading its own writes.
    ///   - mayBlock: whether the transaction may wait for a disk. If it must not but would have to, it throws
    ///     `.wouldBlock`.
    func beginTransaction(readsOwnWrites: Bool, mayBlock: Bool) throws(EngineError) -> Transaction

    /// Enlarges the store after a call threw `.mapFull`. The call is then repeated. Default: throws
    /// `.storeFull`.
    ///
    /// - Parameter forWriting: whether the call was a write, which needs more space than the store has. A read only
    ///   needs the space that another process has added.
    /// - Throws: `.storeFull` if the store cannot be enlarged.
    func grow(forWriting: Bool) throws(StoreError)

    /// The statistics that are available without reading all entries.
    func inspect() throws(EngineError) -> EngineStatistics

    /// Releases every file and lock. Called at most once.
    func close() throws(StoreError)
}

extension StorageEngine {
    public static var needsThread: Bool { true }
    public var isShared: Bool { false }
    public func mayBlock(for batch: WriteBatch, _ durability: Durability) -> Bool { Self.needsThread }
    public func grow(forWriting: Bool) throws(StoreError) {
        throw StoreError(.storeFull, "The engine has no room and cannot grow.")
    }
}

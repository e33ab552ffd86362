/// The narrow synchronous heart of an embedded store: no `await`, no queue, no policy.
///
/// ``EmbeddedStore`` makes a whole ``KeyValueStore`` of it: it queues and groups commits, counts revisions, streams
/// scans, closes in order. An engine only reads, writes one transaction at a time, and closes. It may rely on this:
///
/// - At most one transaction exists at a time. It begins and ends on one thread: the store's own if it may wait.
/// - ``grow(forWriting:)`` and ``close()`` run while no other call on the engine, its snapshots or cursors does; but a
///   snapshot may be released meanwhile.
/// - Every snapshot and cursor is gone before ``close()`` is called; the engine object itself may be released later.
/// - Keys and values have been checked against ``limits``. The bounds of a range have not: any length is legal.
public protocol StorageEngine: AnyObject, Sendable {
    associatedtype Snapshot: EngineSnapshot
    associatedtype Transaction: EngineTransaction

    /// Whether commits and closing need a thread of their own, because they wait for a disk or are bound to a thread. The
    /// commits of an engine that needs none are all made where the store's actor runs, whatever they ask for.
    static var needsThread: Bool { get }

    /// Whether other processes may read and write the same files meanwhile.
    var isShared: Bool { get }

    /// How long keys and values may be.
    var limits: StoreLimits { get }

    /// Whether committing `batch` with `durability` may wait for a disk or another process, or take long. Such commits run
    /// on the store's thread; the others run where the store's actor runs, without a hop.
    func mayBlock(for batch: WriteBatch, _ durability: Durability) -> Bool

    /// The newest value of `key`.
    ///
    /// - Parameters:
    ///   - key: what to look up.
    ///   - mayBlock: whether the call may wait for a disk; if not, and it would have to, it throws `.wouldBlock`.
    func get(_ key: Bytes, mayBlock: Bool) throws(StoreError) -> Bytes?

    /// Calls `body` with the newest value of `key`, uncopied where that can be had; after that it does not throw.
    ///
    /// - Returns: whether `key` has a value.
    func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool

    /// A view of this moment that later commits do not change.
    func makeSnapshot() throws(StoreError) -> Snapshot

    /// Begins the one write transaction.
    ///
    /// - Parameters:
    ///   - readsOwnWrites: whether something will be read, or a range deleted, after something was written. An engine
    ///     that reads its own writes at a price can save it.
    ///   - mayBlock: whether the transaction may wait for a disk; if not, and it would have to, it throws `.wouldBlock`.
    func beginTransaction(readsOwnWrites: Bool, mayBlock: Bool) throws(StoreError) -> Transaction

    /// Makes room after a call threw `.mapFull`; the call is then repeated.
    ///
    /// - Parameter forWriting: whether the call was a write, which needs more room than there is; a read only needs the room
    ///   that another process has made.
    /// - Throws: `.storeFull` when there is no more room to be had.
    func grow(forWriting: Bool) throws(StoreError)

    /// What the engine can tell without reading everything.
    func inspect() throws(StoreError) -> EngineStatistics

    /// Releases every file and lock. Called once.
    func close() throws(StoreError)
}

extension StorageEngine {
    public static var needsThread: Bool { true }
    public var isShared: Bool { false }
    public func mayBlock(for batch: WriteBatch, _ durability: Durability) -> Bool { Self.needsThread }
    public func grow(forWriting: Bool) throws(StoreError) {}
}

/// A store in this process: an actor around a ``StorageEngine``.
///
/// Commits are made one at a time: those that wait for a disk in the order in which they joined the queue, the others
/// in the order in which they entered the actor. Commits that wait for a disk run on the store's own thread.
///
/// Reads do not enter the actor. They run on the caller's thread, directly on the engine, and do not queue behind
/// commits. A read that would block is repeated on a shared thread.
///
/// ```swift
/// let store = MemoryStore()
/// try await store.set("a", to: "1")
/// ```
public actor EmbeddedStore<Engine: StorageEngine>: KeyValueStore {
    // Constant after init.
    nonisolated let engine: Engine
    nonisolated let configuration: StoreConfiguration
    nonisolated let thread: WorkerThreads?
    public nonisolated let description: String
    public nonisolated let limits: StoreLimits

    // Shared by callers and the store's thread, each behind its own lock or atomics.
    nonisolated let queue = CommitQueue()
    nonisolated let gate: ReadGate
    nonisolated let openSnapshots: SnapshotRegistry
    nonisolated let feed: ChangeFeed
    nonisolated let counters = CommitCounters()

    // Isolated to the actor.
    var closing: Task<Result<Void, StoreError>, Never>?

    /// Creates a store over `engine`. Only this store may use the engine from now on.
    ///
    /// - Parameters:
    ///   - thread: the thread on which the engine was opened; nil if the engine needs none.
    ///   - clock: the clock and the log for snapshots that are held for too long.
    init(
        engine: Engine, description: String, configuration: StoreConfiguration, thread: WorkerThreads?,
        clock: ReaperClock = ReaperClock()
    ) {
        self.engine = engine
        self.description = description
        self.configuration = configuration
        self.thread = thread
        self.limits = engine.limits
        self.gate = ReadGate()
        self.openSnapshots = SnapshotRegistry(
            of: description, warning: configuration.snapshotAgeWarning, limit: configuration.snapshotAgeLimit,
            clock: clock)
        self.feed = ChangeFeed(retention: configuration.changeRetention)
    }

    /// Opens a store. An engine that needs a thread is opened on the thread that will make its commits.
    ///
    /// - Parameters:
    ///   - description: what the store is, for logs and errors; usually its URL.
    ///   - configuration: how the store behaves.
    ///   - makeEngine: opens the engine; it may wait for a disk.
    /// - Throws: the errors of `makeEngine`; `.busy` when the system cannot start a thread.
    public static func open(
        _ description: String, configuration: StoreConfiguration = StoreConfiguration(),
        makeEngine: @escaping @Sendable () throws(StoreError) -> Engine
    ) async throws(StoreError) -> EmbeddedStore<Engine> {
        let thread = Engine.needsThread ? try WorkerThreads(spinsBeforeParking: true) : nil
        let engine = if let thread { try await thread.run(makeEngine) } else { try makeEngine() }
        return EmbeddedStore(engine: engine, description: description, configuration: configuration, thread: thread)
    }

    deinit {
        // No caller holds the store, so no call is running. The gate is closed if the store was closed.
        guard gate.isOpen else { return }
        let engine = engine
        if let thread { thread.submit { try? engine.close() } } else { try? engine.close() }
    }

    public nonisolated var isOpen: Bool {
        switch queue.lifecycle {
        case .open, .poisoned: true
        case .closing, .closed: false
        }
    }

    public nonisolated var snapshots: (any SnapshotProvider)? { self }
    public nonisolated var changeFeed: (any ChangeFeedProvider)? { self }
    public nonisolated var inspector: (any StoreInspector)? { self }
    // Only some engines can be copied, which the generic type does not show.
    public nonisolated var backups: (any BackupProvider)? { self as? any BackupProvider }

    nonisolated var closedError: StoreError {
        StoreError(.closed, "The store is closed; open it again.", store: description)
    }

    nonisolated var expiredError: StoreError {
        StoreError(
            .snapshotExpired, "The scan or snapshot was held for longer than snapshotAgeLimit allows; begin a new one.",
            store: description)
    }
}

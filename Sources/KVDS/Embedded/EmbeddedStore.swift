/// A store in this process: an actor around a ``StorageEngine``.
///
/// One commit is made at a time: those that wait for a disk in the order in which they joined the queue, the others in the
/// order in which they entered the actor. Reads do not enter it: they run on the caller, over the engine, so that they wait
/// for nobody. Work that waits for a disk runs on the store's own thread.
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
    nonisolated let views: SnapshotRegistry
    nonisolated let feed: ChangeFeed
    nonisolated let counters = CommitCounters()

    // Isolated to the actor.
    var closing: Task<Result<Void, StoreError>, Never>?

    /// A store over `engine`, which must not be used by anybody else from now on.
    ///
    /// - Parameters:
    ///   - thread: the thread the engine was opened on, for engines that need one.
    ///   - watch: what looks after the age of views.
    init(
        engine: Engine, description: String, configuration: StoreConfiguration, thread: WorkerThreads?,
        watch: ReaperClock = ReaperClock()
    ) {
        self.engine = engine
        self.description = description
        self.configuration = configuration
        self.thread = thread
        self.limits = engine.limits
        self.gate = ReadGate()
        self.views = SnapshotRegistry(
            of: description, warning: configuration.snapshotAgeWarning, limit: configuration.snapshotAgeLimit,
            watch: watch)
        self.feed = ChangeFeed(history: configuration.changeRetention)
    }

    /// Opens a store: makes its engine on the thread that will commit for it.
    ///
    /// - Parameters:
    ///   - description: what the store is, for people and errors: by custom the store's URL.
    ///   - configuration: how the store behaves.
    ///   - makeEngine: opens the engine; it may wait for a disk.
    /// - Throws: what `makeEngine` throws.
    public static func open(
        _ description: String, configuration: StoreConfiguration = StoreConfiguration(),
        makeEngine: @escaping @Sendable () throws(StoreError) -> Engine
    ) async throws(StoreError) -> EmbeddedStore<Engine> {
        let thread = Engine.needsThread ? try WorkerThreads(spinsBeforeParking: true) : nil
        let engine = if let thread { try await thread.run(makeEngine) } else { try makeEngine() }
        return EmbeddedStore(engine: engine, description: description, configuration: configuration, thread: thread)
    }

    deinit {
        // Nobody holds the store, so nothing is in flight. A store that was closed has a closed gate.
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
        StoreError(.closed, "The store is closed; ask for it again.", store: description)
    }

    nonisolated var expiredError: StoreError {
        StoreError(
            .snapshotExpired, "The scan or snapshot was held for longer than snapshotAgeLimit allows; begin again.",
            store: description)
    }
}

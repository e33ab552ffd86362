public import KVDS
import Synchronization

/// A store that is an ``OrderedModel`` behind an actor: the shortest implementation of the contract.
///
/// Its snapshots are copies. Its change feed keeps every change.
///
/// The store is slow and simple. Use it as a reference to compare another store with, in tests of code that takes any
/// store, or as an example of a `KeyValueStore` without an engine.
public actor ModelStore: KeyValueStore {
    public nonisolated let description = "model:"
    public nonisolated let limits: StoreLimits

    private nonisolated let openness = Atomic(true)
    private nonisolated let feed = ModelFeed()
    private var model = OrderedModel()

    /// Creates an empty store.
    public init(limits: StoreLimits = StoreLimits(maximumKeyLength: 511, maximumValueLength: Int(Int32.max))) {
        self.limits = limits
    }

    public nonisolated var isOpen: Bool { openness.load(ordering: .acquiring) }

    public func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        try limits.check(key: key)
        return try opened()[key]
    }

    public func exists(_ key: Bytes) async throws(StoreError) -> Bool { try await get(key) != nil }

    public nonisolated func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        let value = try await get(key)
        return value.map { body($0.bytes) }
    }

    public nonisolated func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        Entries {
            ModelScan(limit: limit) { () throws(StoreError) in
                try self.checkOpen()
            } read: { () throws(StoreError) in
                try await self.contents().entries(in: range, order: order, limit: limit)
            }
        }
    }

    @discardableResult
    public func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        try limits.check(batch)
        if Task.isCancelled {
            throw StoreError(.cancelled, "The task was cancelled; nothing changed.", store: description)
        }
        try checkOpen()
        var changes: [Bytes: Change] = [:]
        if let failed = model.apply(batch, &changes) { return .conditionFailed(index: failed) }
        if !batch.mutations.isEmpty { feed.append(changes.values.sorted { $0.key < $1.key }) }
        return .committed(revision: model.revision, durability: .volatile)
    }

    public func close() async throws(StoreError) {
        openness.store(false, ordering: .releasing)
        model = OrderedModel()
        feed.finish(closedError)
    }

    /// Returns the store's current contents.
    ///
    /// - Throws: `.closed`.
    public func contents() throws(StoreError) -> OrderedModel { try opened() }

    private func opened() throws(StoreError) -> OrderedModel {
        try checkOpen()
        return model
    }

    nonisolated func checkOpen() throws(StoreError) {
        if !isOpen { throw closedError }
    }

    private nonisolated var closedError: StoreError {
        StoreError(.closed, "The store is closed; make a new one.", store: description)
    }
}

extension ModelStore: SnapshotProvider, ChangeFeedProvider {
    public nonisolated var snapshots: (any SnapshotProvider)? { self }
    public nonisolated var changeFeed: (any ChangeFeedProvider)? { self }

    public func makeSnapshot() async throws(StoreError) -> any StoreSnapshot { ModelSnapshot(of: self, try opened()) }

    public nonisolated func makeChanges(in range: KeyRange, since: Revision?, options: ChangeOptions) -> Changes {
        Changes { ModelSubscription(self.feed, range, since: since, options) }
    }
}

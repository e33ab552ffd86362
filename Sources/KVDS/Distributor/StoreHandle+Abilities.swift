/// What only some stores can do, for handles of those that can. A handle stands for any store, so it learns at run time
/// whether its own can; see Documentation/Decisions/0013.
extension StoreHandle: SnapshotProvider {
    /// Takes a snapshot of this moment. It holds the handle.
    ///
    /// - Throws: `.notSupported` when the store has no snapshots; otherwise as ``SnapshotProvider/snapshot()``.
    public func snapshot() async throws(StoreError) -> any StoreSnapshot {
        if let snapshotFastPath {
            do throws(StoreError) {
                return try snapshotFastPath.trySnapshot(retaining: self)
            } catch {
                return try await snapshotFastPath.snapshotBlocking(retaining: self, after: error)
            }
        }
        guard let snapshots = base as? any SnapshotProvider else { throw notSupported("snapshots") }
        return HandleSnapshot(try await snapshots.snapshot(), of: self)
    }

    fileprivate func notSupported(_ ability: String) -> StoreError {
        StoreError(.notSupported, "The store has no \(ability); use one that has.", store: description)
    }
}

extension StoreHandle: StoreInspector {
    public var isShared: Bool { (base as? any StoreInspector)?.isShared ?? false }

    /// What the store can tell without reading everything.
    ///
    /// - Throws: `.notSupported` when the store tells nothing of itself; otherwise as ``StoreInspector/statistics()``.
    public func statistics() async throws(StoreError) -> StoreStatistics { try await inspecting.statistics() }

    /// Reads everything and checks that it is sound.
    ///
    /// - Throws: `.notSupported` when the store cannot; otherwise as ``StoreInspector/verify(progress:)``.
    public func verify(progress: (Int) -> Void) async throws(StoreError) -> Int {
        try await inspecting.verify(progress: progress)
    }

    private var inspecting: any StoreInspector {
        get throws(StoreError) {
            guard let inspecting = base as? any StoreInspector else { throw notSupported("statistics") }
            return inspecting
        }
    }
}

extension StoreHandle: ChangeFeedProvider {
    /// The commits that change keys in `range`. A subscription holds the handle.
    ///
    /// The sequence throws `.notSupported` when the store does not tell changes; otherwise as
    /// ``ChangeFeedProvider/changes(in:since:options:)``.
    public func changes(in range: KeyRange, since: Revision?, options: ChangeOptions) -> Changes {
        guard let observing = base as? any ChangeFeedProvider else {
            return Changes { NoChanges(error: self.notSupported("change feed")) }
        }
        return observing.changes(in: range, since: since, options: options).retaining(self)
    }
}

/// The changes of a store that tells none.
private final class NoChanges: ChangeSource {
    private let error: StoreError

    init(error: StoreError) { self.error = error }

    func nextEvents() async throws(StoreError) -> [ChangeEvent] { throw error }
    func end() {}
}

/// A snapshot that keeps the handle it was taken from.
private final class HandleSnapshot: StoreSnapshot {
    private let base: any StoreSnapshot
    private let handle: StoreHandle

    init(_ base: any StoreSnapshot, of handle: StoreHandle) {
        self.base = base
        self.handle = handle
    }

    // The handle may go before the last reference to the snapshot underneath does.
    deinit { base.close() }

    var isOpen: Bool { base.isOpen }
    var description: String { base.description }
    var limits: StoreLimits { base.limits }
    var revision: Revision { base.revision }

    func get(_ key: Bytes) async throws(StoreError) -> Bytes? { try await base.get(key) }
    func get(_ keys: [Bytes]) async throws(StoreError) -> [Bytes?] { try await base.get(keys) }
    func exists(_ key: Bytes) async throws(StoreError) -> Bool { try await base.exists(key) }

    func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        try await base.withValue(for: key, body)
    }

    func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        base.entries(in: range, order: order, limit: limit).retaining(self)
    }

    func close() { base.close() }
}

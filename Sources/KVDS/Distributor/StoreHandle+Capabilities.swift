/// A handle has the capabilities of its store. Its snapshots and subscriptions retain the handle.
extension StoreHandle {
    public var isShared: Bool { base.isShared }
    public var snapshots: (any SnapshotProvider)? { base.snapshots == nil ? nil : self }
    public var changeFeed: (any ChangeFeedProvider)? { base.changeFeed == nil ? nil : self }
    public var inspector: (any StoreInspector)? { base.inspector }
    public var backups: (any BackupProvider)? { base.backups }
}

extension StoreHandle: SnapshotProvider {
    /// Takes a snapshot of the store as it is now. The snapshot retains the handle.
    ///
    /// - Throws: `.notSupported` if the store has no snapshots; otherwise as ``SnapshotProvider/makeSnapshot()``.
    public func makeSnapshot() async throws(StoreError) -> any StoreSnapshot {
        if let snapshotFastPath {
            do throws(EngineError) {
                return try snapshotFastPath.trySnapshot(retaining: self)
            } catch {
                return try await snapshotFastPath.snapshotBlocking(retaining: self, after: error)
            }
        }
        return HandleSnapshot(try await base.snapshot(), of: self)
    }
}

extension StoreHandle {
    /// Takes a snapshot of the store as it is now. It holds the handle.
    ///
    /// - Throws: as ``makeSnapshot()``.
    public func snapshot() async throws(StoreError) -> any StoreSnapshot { try await makeSnapshot() }
}

extension StoreHandle: ChangeFeedProvider {
    /// The commits that change keys in `range`. Each subscription retains the handle.
    ///
    /// The sequence throws `.notSupported` if the store has no change feed. Otherwise as
    /// ``ChangeFeedProvider/makeChanges(in:since:options:)``.
    public func makeChanges(in range: KeyRange, since: Revision?, options: ChangeOptions) -> Changes {
        base.changes(in: range, since: since, options: options).retaining(self)
    }
}

/// A snapshot that retains the handle it was taken from.
private final class HandleSnapshot: SnapshotLayer {
    let base: any StoreSnapshot
    private let handle: StoreHandle

    init(_ base: any StoreSnapshot, of handle: StoreHandle) {
        self.base = base
        self.handle = handle
    }

    // The handle may be released before the last reference to the underlying snapshot.
    deinit { base.close() }

    func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        base.entries(in: range, order: order, limit: limit).retaining(self)
    }
}

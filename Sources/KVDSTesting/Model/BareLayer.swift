public import KVDS

/// A layer without capabilities: its store has no snapshots, no change feed, no inspector and no backups.
public protocol BareLayer: StoreLayer {}

extension BareLayer {
    public var snapshots: (any SnapshotProvider)? { nil }
    public var changeFeed: (any ChangeFeedProvider)? { nil }
    public var inspector: (any StoreInspector)? { nil }
    public var backups: (any BackupProvider)? { nil }
}

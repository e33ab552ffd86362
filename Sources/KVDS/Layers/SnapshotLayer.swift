/// A snapshot over another snapshot. It forwards every call that it does not implement itself.
public protocol SnapshotLayer: StoreSnapshot, ReaderLayer {
    /// The underlying snapshot.
    var base: any StoreSnapshot { get }
}

extension SnapshotLayer {
    public var reader: any StoreReader { base }
    public var revision: Revision { base.revision }
    public func close() { base.close() }
}

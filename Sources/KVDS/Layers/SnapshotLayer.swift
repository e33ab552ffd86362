/// A snapshot over another snapshot: what a layer declares itself is its own, everything else is forwarded.
public protocol SnapshotLayer: StoreSnapshot, ReaderLayer {
    /// The snapshot underneath.
    var base: any StoreSnapshot { get }
}

extension SnapshotLayer {
    public var reader: any StoreReader { base }
    public var revision: Revision { base.revision }
    public func close() { base.close() }
}

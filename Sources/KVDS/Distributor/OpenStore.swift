/// A store that a distributor has given out.
public struct OpenStore: Hashable, Sendable {
    public var id: StoreID
    public var backend: Backend
    /// The number of its handle's ``LifetimeTag``.
    public var tag: UInt64
}

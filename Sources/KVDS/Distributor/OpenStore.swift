/// A store that a distributor has opened.
public struct OpenStore: Hashable, Sendable {
    public var id: StoreID
    public var backend: Backend
    /// The number of its handle's ``LifetimeTag``.
    public var tag: UInt64
}

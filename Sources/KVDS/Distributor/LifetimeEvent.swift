/// An event in the lifetime of a distributor's store.
public struct LifetimeEvent: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The store was opened, and its handle created.
        case opened
        /// The last reference to the handle was released.
        case released
        /// The store is closed: its files are unlocked, and its memory is freed.
        case closed
    }

    public var kind: Kind
    public var store: OpenStore
}

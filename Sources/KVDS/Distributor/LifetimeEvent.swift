/// Something that happened to a store of a distributor.
public struct LifetimeEvent: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The store was opened, and a first handle given out.
        case opened
        /// The last reference to the handle has gone.
        case released
        /// The store is closed: its files are unlocked, its memory is freed.
        case closed
    }

    public var kind: Kind
    public var store: OpenStore
}

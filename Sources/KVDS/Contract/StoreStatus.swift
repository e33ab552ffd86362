/// What every view of a store can tell about itself.
public protocol StoreStatus: Sendable {
    /// Whether calls can succeed: false once closing has begun.
    var isOpen: Bool { get }
    /// What the store is, for people and logs.
    var description: String { get }
}

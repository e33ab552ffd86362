public import KVDS

/// A store without capabilities. It forwards the basic calls to another store and has neither snapshots nor a change
/// feed. Use it to test code that takes any store.
public final class BareStore: BareLayer {
    public let base: any KeyValueStore

    public init(_ base: any KeyValueStore) { self.base = base }
}

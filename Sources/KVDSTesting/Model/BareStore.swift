public import KVDS

/// A store without abilities: it does what another one does, as far as every store does it, and has neither snapshots nor
/// changes to tell. For tests of code that takes any store.
public final class BareStore: StoreLayer {
    public let base: any KeyValueStore

    public init(_ base: any KeyValueStore) { self.base = base }
}

import Synchronization

/// A store that can be looked into.
public protocol StoreInspector: KeyValueStore {
    /// Whether other processes may read and write the same files meanwhile.
    var isShared: Bool { get }

    /// What the store can tell without reading everything.
    ///
    /// - Throws: `.closed`, or what the engine throws.
    func statistics() async throws(StoreError) -> StoreStatistics

    /// Reads everything and checks that it is sound: order, lengths, the engine's checksums.
    ///
    /// - Parameter progress: called now and then with the number of entries read so far.
    /// - Returns: the number of entries.
    /// - Throws: `.corrupt` when it is not, `.cancelled`.
    func verify(progress: (Int) -> Void) async throws(StoreError) -> Int
}

/// Takes snapshots of a namespace.
struct NamespacedSnapshots: SnapshotProvider {
    let base: any SnapshotProvider
    let store: NamespacedStore

    func makeSnapshot() async throws(StoreError) -> any StoreSnapshot {
        do throws(StoreError) {
            return NamespacedSnapshot(try await base.makeSnapshot(), of: store)
        } catch {
            throw store.translated(error)
        }
    }
}

/// A snapshot of a namespace.
private final class NamespacedSnapshot: SnapshotLayer {
    let base: any StoreSnapshot
    let reader: any StoreReader

    init(_ base: any StoreSnapshot, of store: NamespacedStore) {
        self.base = base
        reader = NamespacedReader(
            base, store.namespace, description: "\(store.description) at revision \(base.revision)")
    }
}

/// Reports on the store under a namespace, and verifies the namespace.
struct NamespacedInspector: StoreInspector {
    private let base: any StoreInspector
    private let store: NamespacedStore

    init(_ base: any StoreInspector, of store: NamespacedStore) {
        self.base = base
        self.store = store
    }

    var isShared: Bool { base.isShared }

    /// The figures of the whole store. How many entries the namespace has takes a scan.
    func statistics() async throws(StoreError) -> StoreStatistics {
        do throws(StoreError) {
            var statistics = try await base.statistics()
            statistics.engine.entryCount = nil
            return statistics
        } catch {
            throw store.translated(error)
        }
    }

    func verify(progress: (Int) -> Void) async throws(StoreError) -> Int {
        try await store.verifyEntries(progress: progress)
    }
}

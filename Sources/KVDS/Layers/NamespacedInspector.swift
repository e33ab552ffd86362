/// Reports statistics of the store under a namespace, and verifies the namespace.
struct NamespacedInspector: StoreInspector {
    let base: any StoreInspector
    let store: NamespacedStore

    /// The statistics of the whole store, without the number of entries: counting those of the namespace requires a
    /// scan.
    func inspect() async throws(StoreError) -> StoreStatistics {
        do throws(StoreError) {
            var statistics = try await base.inspect()
            statistics.engine.entryCount = nil
            return statistics
        } catch {
            throw store.translated(error)
        }
    }

    func verifyAll(progress: (Int) -> Void) async throws(StoreError) -> Int {
        try await store.verifyEntries(progress: progress)
    }
}

/// The engine snapshot that a scan reads: its own, or that of a ``SharedSnapshot``.
final class ScanSnapshot<Engine: StorageEngine> {
    private let store: EmbeddedStore<Engine>
    private let snapshot: SharedSnapshot?
    private var view: (any EngineSnapshot)?
    private let id: Int

    init(
        _ scan: ScanSession<Engine>, of store: EmbeddedStore<Engine>, _ snapshot: SharedSnapshot?
    ) throws(StoreError) {
        self.store = store
        self.snapshot = snapshot
        guard let snapshot else {
            view = try store.engine.makeSnapshot()
            id = store.views.addWeakly(scan)
            return
        }
        // Registered first, because revoking a snapshot revokes the scans that are registered with it.
        id = snapshot.add(scan)
        do throws(StoreError) {
            view = try snapshot.enter()
        } catch {
            snapshot.remove(id)
            throw error
        }
    }

    func revision() throws(StoreError) -> Revision { try view?.revision(mayBlock: true) ?? .zero }

    func makeCursor(in range: KeyRange, order: ScanOrder) throws(StoreError) -> any EngineCursor {
        guard let view else { throw store.closedError }
        return try view.makeCursor(in: range, order: order)
    }

    /// Releases the engine snapshot, then unregisters the scan. In this order, because closing waits until no scan is
    /// registered. Called once.
    func release() {
        view = nil
        guard let snapshot else { return store.views.remove(id) }
        snapshot.remove(id)
        snapshot.leave()
    }
}

/// The engine's view that a scan reads: its own, or that of a snapshot.
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
        // Counted in first: a snapshot that is ended tells those it has counted.
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

    /// Frees the view, then counts it out: in this order, because closing waits for the count. Called once.
    func release() {
        view = nil
        guard let snapshot else { return store.views.remove(id) }
        snapshot.remove(id)
        snapshot.leave()
    }
}

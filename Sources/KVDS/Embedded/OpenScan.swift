/// What an open scan holds.
///
/// `@unchecked Sendable` is right because only the one who has taken it out of its session's state touches it.
final class OpenScan<Engine: StorageEngine>: @unchecked Sendable {
    private static var maximumPageCapacity: Int { 64 << 10 }

    private let view: ScanSnapshot<Engine>
    private var cursor: (any EngineCursor)?
    private var remaining: Int
    /// Grows, so that a short scan reads little and a long one has few pages.
    private var pageCapacity = 4 << 10
    private var hasEnded = false

    init(view: ScanSnapshot<Engine>, cursor: any EngineCursor, limit: Int) {
        self.view = view
        self.cursor = cursor
        self.remaining = limit
    }

    var isFinished: Bool { hasEnded || remaining == 0 }

    func revision() throws(StoreError) -> Revision { try view.revision() }

    func nextPage(mayBlock: Bool) throws(StoreError) -> EntryPage? {
        guard let cursor else { return nil }
        var builder = EntryPage.Builder(capacity: pageCapacity, maximumCount: remaining)
        hasEnded = try cursor.fill(&builder, mayBlock: mayBlock)
        remaining -= builder.count
        pageCapacity = min(pageCapacity * 2, Self.maximumPageCapacity)
        return builder.finish()
    }

    /// Frees the cursor before the view it reads. Called once.
    func release() {
        cursor = nil
        view.release()
    }
}

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

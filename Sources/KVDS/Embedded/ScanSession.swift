/// One scan: it opens its snapshot with the first page and lets go of it with the last.
final class ScanSession<Engine: StorageEngine>: EntryPageSource, RevocableView {
    private enum State {
        case unopened
        case open(OpenScan<Engine.Snapshot>)
        case ended
        /// The store was closed while the scan was open.
        case revoked
    }

    private let store: EmbeddedStore<Engine>
    private let range: KeyRange
    private let order: ScanOrder
    private let limit: Int?
    private let state = Monitor(State.unopened)

    init(store: EmbeddedStore<Engine>, range: KeyRange, order: ScanOrder, limit: Int?) {
        self.store = store
        self.range = range
        self.order = order
        self.limit = limit
    }

    deinit { end() }

    func nextPage() async throws(StoreError) -> EntryPage? {
        do {
            return try fill(mayWait: false)
        } catch {
            return try await store.readAgain(after: error) { () throws(StoreError) in try self.fill(mayWait: true) }
        }
    }

    /// Opens the scan of a range that can hold something, before its first page.
    ///
    /// - Returns: the revision of the moment it shows.
    func begin() async throws(StoreError) -> Revision {
        try await store.readWaiting { () throws(StoreError) in
            try self.store.reading { () throws(StoreError) -> Revision in
                try self.state.withLock { state throws(StoreError) -> Revision in
                    guard case .unopened = state, let scan = try self.open() else { throw self.store.closedError }
                    state = .open(scan)
                    return try scan.revision()
                }
            }
        }
    }

    func end() { state.withLock { letGo(&$0, .ended) } }
    func revoke() { state.withLock { letGo(&$0, .revoked) } }

    private func fill(mayWait: Bool) throws(StoreError) -> EntryPage? {
        try store.reading { () throws(StoreError) -> EntryPage? in
            try state.withLock { state throws(StoreError) -> EntryPage? in
                do throws(StoreError) {
                    return try fill(&state, mayWait: mayWait)
                } catch {
                    // Those two are asked for again; any other error ends the scan.
                    if error.code != .wouldWait && error.code != .needsRoom { letGo(&state, .ended) }
                    throw error
                }
            }
        }
    }

    private func fill(_ state: inout State, mayWait: Bool) throws(StoreError) -> EntryPage? {
        switch state {
        case .unopened:
            guard let scan = try open() else {
                state = .ended
                return nil
            }
            state = .open(scan)
            return try fill(&state, mayWait: mayWait)
        case .open(let scan):
            let page = try scan.nextPage(mayWait: mayWait)
            if scan.isFinished { letGo(&state, .ended) }
            return page
        case .ended: return nil
        case .revoked: throw store.closedError
        }
    }

    /// - Returns: nil when the scan has no entries, whatever the store holds.
    private func open() throws(StoreError) -> OpenScan<Engine.Snapshot>? {
        let limit = limit ?? .max
        guard limit >= 0 else {
            throw StoreError(
                .invalidArgument, "A scan's limit is 0 or more; this one is \(limit).", store: store.description)
        }
        if limit == 0 || range.isEmpty { return nil }
        let snapshot = try store.engine.makeSnapshot()
        let cursor = try snapshot.makeCursor(in: range, order: order)
        return OpenScan(id: store.views.add(self), snapshot: snapshot, cursor: cursor, limit: limit)
    }

    /// Frees the snapshot, then counts the view out: in this order, because closing waits for the count.
    private func letGo(_ state: inout State, _ next: State) {
        switch state {
        case .open(let scan):
            scan.release()
            store.views.remove(scan.id)
            state = next
        case .unopened: state = next
        case .ended, .revoked: break
        }
    }
}

/// What an open scan holds. Only touched under its session's lock.
private final class OpenScan<Snapshot: EngineSnapshot> {
    private static var maximumPageCapacity: Int { 64 << 10 }

    let id: UInt64
    private var snapshot: Snapshot?
    private var cursor: Snapshot.Cursor?
    private var remaining: Int
    /// Grows, so that a short scan reads little and a long one has few pages.
    private var pageCapacity = 4 << 10
    private var hasEnded = false

    init(id: UInt64, snapshot: Snapshot, cursor: Snapshot.Cursor, limit: Int) {
        self.id = id
        self.snapshot = snapshot
        self.cursor = cursor
        self.remaining = limit
    }

    var isFinished: Bool { hasEnded || remaining == 0 }

    func revision() throws(StoreError) -> Revision { try snapshot?.revision() ?? .zero }

    func nextPage(mayWait: Bool) throws(StoreError) -> EntryPage? {
        guard let cursor else { return nil }
        var builder = EntryPage.Builder(capacity: pageCapacity, maximumCount: remaining)
        hasEnded = try cursor.fill(&builder, mayWait: mayWait)
        remaining -= builder.count
        pageCapacity = min(pageCapacity * 2, Self.maximumPageCapacity)
        return builder.finish()
    }

    /// Frees the cursor before the snapshot it reads.
    func release() {
        cursor = nil
        snapshot = nil
    }
}

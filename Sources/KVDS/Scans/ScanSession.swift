import Synchronization

/// A scan. It opens its snapshot with the first page and releases it with the last.
///
/// The lock is not held while a page is read: the reading thread takes the scan out of `state` and puts it back.
final class ScanSession<Engine: StorageEngine>: EntryPageSource, Revocable {
    private enum State {
        case unopened
        case open(OpenScan<Engine>)
        /// A page is being read.
        case reading
        case ended
        /// It was revoked before it ended.
        case revoked(RevocationReason)
    }

    private let store: EmbeddedStore<Engine>
    /// The snapshot to scan; nil when the scan takes one of its own.
    private let snapshot: EmbeddedSnapshot?
    private let range: KeyRange
    private let order: ScanOrder
    private let limit: Int?
    private let state = Monitor(State.unopened)

    init(
        store: EmbeddedStore<Engine>, snapshot: EmbeddedSnapshot? = nil, range: KeyRange, order: ScanOrder,
        limit: Int?
    ) {
        self.store = store
        self.snapshot = snapshot
        self.range = range
        self.order = order
        self.limit = limit
    }

    deinit { end() }

    func nextPage() async throws(StoreError) -> EntryPage? {
        do {
            return try fill(mayBlock: false)
        } catch {
            return try await store.retryBlocking(after: error) { () throws(StoreError) in try self.fill(mayBlock: true)
            }
        }
    }

    /// Opens the scan before its first page. Its range must not be empty.
    ///
    /// - Returns: the revision of its snapshot.
    func begin() async throws(StoreError) -> Revision {
        try await store.readWaiting { () throws(StoreError) in
            let revision = try self.withScan { scan throws(StoreError) in try scan.revision() }
            guard let revision else { throw self.store.closedError }
            return revision
        }
    }

    func end() { finish(.ended) }
    func revoke(_ reason: RevocationReason) { finish(.revoked(reason)) }

    private func fill(mayBlock: Bool) throws(StoreError) -> EntryPage? {
        try withScan { scan throws(StoreError) in try scan.nextPage(mayBlock: mayBlock) } ?? nil
    }

    /// Calls `body` with the scan, and opens the scan first if necessary.
    ///
    /// - Returns: nil when the scan has ended.
    private func withScan<R>(_ body: (OpenScan<Engine>) throws(StoreError) -> R) throws(StoreError) -> R? {
        try store.reading { () throws(StoreError) -> R? in
            var current = try take()
            do throws(StoreError) {
                if case .unopened = current { current = try open().map(State.open) ?? .ended }
                guard case .open(let scan) = current else {
                    putBack(.ended)
                    return nil
                }
                let result = try body(scan)
                putBack(scan.isFinished ? .ended : current, scan)
                return result
            } catch {
                // The read is repeated after these two errors. Any other error ends the scan.
                let isRepeated = error.code == .wouldBlock || error.code == .mapFull
                if case .open(let scan) = current {
                    putBack(isRepeated ? current : .ended, scan)
                } else {
                    putBack(isRepeated ? .unopened : .ended)
                }
                throw error
            }
        }
    }

    /// Takes the scan out of the state, to read a page.
    private func take() throws(StoreError) -> State {
        try state.withLock { state throws(StoreError) -> State in
            switch state {
            case .unopened, .open:
                defer { state = .reading }
                return state
            case .ended: return .ended
            case .reading:
                throw .iteratorIsAsked(store.description)
            case .revoked(let reason): throw store.error(after: reason)
            }
        }
    }

    /// Puts the scan back after a page. Releases `scan` if it has ended, here or in the meantime.
    private func putBack(_ next: State, _ scan: OpenScan<Engine>? = nil) {
        let isOpen = state.withLock { state in
            if case .reading = state { state = next }
            if case .open = state { return true }
            return false
        }
        if !isOpen { scan?.release() }
    }

    private func finish(_ next: State) {
        let scan = state.withLock { state -> OpenScan<Engine>? in
            defer {
                switch state {
                case .unopened, .open, .reading: state = next
                case .ended, .revoked: break
                }
            }
            if case .open(let scan) = state { return scan }
            return nil
        }
        scan?.release()
    }

    /// - Returns: nil when the range is empty or the limit is 0.
    private func open() throws(StoreError) -> OpenScan<Engine>? {
        let limit = limit ?? .max
        guard limit >= 0 else {
            throw StoreError(
                .invalidArgument, "A scan's limit is 0 or more; this one is \(limit).", store: store.description)
        }
        if limit == 0 || range.isEmpty { return nil }
        let view = try ScanSnapshot(self, of: store, snapshot?.view)
        do throws(StoreError) {
            return OpenScan(view: view, cursor: try view.makeCursor(in: range, order: order), limit: limit)
        } catch {
            view.release()
            throw error
        }
    }
}

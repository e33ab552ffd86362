import Synchronization

/// A scan. It takes its snapshot and its cursor with the first page and releases them with the last.
///
/// The lock is not held while a page is read: the reading thread takes the cursor out of `state` and puts it back.
final class Scan<Engine: StorageEngine>: EntryPageSource, Revocable {
    private enum State {
        case unopened
        case open(OpenCursor)
        /// A page is being read.
        case reading
        case ended
        /// It was revoked before it ended.
        case revoked(RevocationReason)

        var cursor: OpenCursor? { if case .open(let cursor) = self { cursor } else { nil } }
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
            return try await store.retryBlocking(after: error) { () throws(EngineError) in
                try self.fill(mayBlock: true)
            }
        }
    }

    /// Opens the scan before its first page. Its range must not be empty.
    ///
    /// - Returns: the revision of its snapshot.
    func begin() async throws(StoreError) -> Revision {
        let revision = try await store.retryBlocking(after: .wouldBlock) { () throws(EngineError) in
            try self.withCursor { cursor throws(EngineError) in try cursor.snapshot?.revision(mayBlock: true) }
        }
        guard case let revision?? = revision else { throw store.closedError }
        return revision
    }

    func end() { finish(.ended) }
    func revoke(_ reason: RevocationReason) { finish(.revoked(reason)) }

    private func fill(mayBlock: Bool) throws(EngineError) -> EntryPage? {
        try withCursor { cursor throws(EngineError) in try cursor.nextPage(mayBlock: mayBlock) } ?? nil
    }

    /// Calls `body` with the cursor, and makes the cursor first if necessary.
    ///
    /// - Returns: nil when the scan has ended.
    private func withCursor<R>(_ body: (OpenCursor) throws(EngineError) -> R) throws(EngineError) -> R? {
        try store.reading { () throws(EngineError) -> R? in
            var current = try take()
            do throws(EngineError) {
                if case .unopened = current { current = try open().map(State.open) ?? .ended }
                guard case .open(let cursor) = current else {
                    putBack(.ended)
                    return nil
                }
                let result = try body(cursor)
                putBack(cursor.isFinished ? .ended : current, cursor)
                return result
            } catch {
                // The read is repeated after a signal. Any other error ends the scan.
                if case .failed = error { putBack(.ended, current.cursor) } else { putBack(current, current.cursor) }
                throw error
            }
        }
    }

    /// Takes the cursor out of the state, to read a page.
    private func take() throws(EngineError) -> State {
        try state.withLock { state throws(EngineError) -> State in
            switch state {
            case .unopened, .open:
                defer { state = .reading }
                return state
            case .ended: return .ended
            case .reading: throw .failed(.iteratorIsAsked(store.description))
            case .revoked(let reason): throw .failed(store.error(after: reason))
            }
        }
    }

    /// Puts the cursor back after a page. Releases it if the scan has ended, here or in the meantime.
    private func putBack(_ next: State, _ cursor: OpenCursor? = nil) {
        let isOpen = state.withLock { state in
            if case .reading = state { state = next }
            return state.cursor != nil
        }
        if !isOpen, let cursor { release(cursor) }
    }

    private func finish(_ next: State) {
        let cursor = state.withLock { state -> OpenCursor? in
            defer {
                switch state {
                case .unopened, .open, .reading: state = next
                case .ended, .revoked: break
                }
            }
            return state.cursor
        }
        if let cursor { release(cursor) }
    }

    /// - Returns: nil when the range is empty or the limit is 0.
    private func open() throws(EngineError) -> OpenCursor? {
        let limit = limit ?? .max
        guard limit >= 0 else {
            throw .failed(
                StoreError(
                    .invalidArgument, "A scan's limit is 0 or more; this one is \(limit).", store: store.description))
        }
        if limit == 0 || range.isEmpty { return nil }
        let base: any EngineSnapshot
        let id: Int
        if let snapshot {
            (base, id) = try snapshot.shared.beginUse(self)
        } else {
            base = try store.engine.makeSnapshot()
            id = store.openSnapshots.addWeakly(self)
        }
        let cursor = OpenCursor(base, id: id, limit: limit)
        do throws(EngineError) {
            cursor.base = try base.makeCursor(in: range, order: order)
            return cursor
        } catch {
            release(cursor)
            throw error
        }
    }

    /// Releases the cursor, then the snapshot that it reads, then unregisters the scan. In this order, because closing
    /// waits until no scan is registered. Called once for each cursor.
    private func release(_ cursor: OpenCursor) {
        cursor.base = nil
        cursor.snapshot = nil
        if let snapshot { snapshot.shared.endUse(cursor.id) } else { store.openSnapshots.remove(cursor.id) }
    }
}

extension Scan {
    /// The engine's cursor, the snapshot that it reads, and how far the scan is.
    ///
    /// `@unchecked Sendable` is right because only the thread that has taken it out of the state uses it.
    private final class OpenCursor: @unchecked Sendable {
        private static var maximumPageCapacity: Int { 64 << 10 }

        var base: (any EngineCursor)?
        var snapshot: (any EngineSnapshot)?
        /// The index of the scan in its registry.
        let id: Int
        private var remaining: Int
        /// Grows, so that a short scan reads little and a long one has few pages.
        private var pageCapacity = 4 << 10
        private var hasEnded = false

        init(_ snapshot: any EngineSnapshot, id: Int, limit: Int) {
            self.snapshot = snapshot
            self.id = id
            remaining = limit
        }

        var isFinished: Bool { hasEnded || remaining == 0 }

        func nextPage(mayBlock: Bool) throws(EngineError) -> EntryPage? {
            guard let base else { return nil }
            var builder = EntryPage.Builder(capacity: pageCapacity, maximumCount: remaining)
            hasEnded = try base.fill(&builder, mayBlock: mayBlock)
            remaining -= builder.count
            pageCapacity = min(pageCapacity * 2, Self.maximumPageCapacity)
            return builder.finish()
        }
    }
}

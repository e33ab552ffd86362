import Synchronization

/// A snapshot of an embedded store: one view of its engine, shared by the reads and scans of the snapshot.
///
/// A read counts itself in and out, without a lock. Whoever ends the snapshot lets nobody in any more; the engine's view is
/// freed by the last who leaves.
///
/// `@unchecked Sendable` is right because `view` is only read by those who have been counted in, and only changed by the
/// one who was last to leave; `id` is set by the maker, who is counted in until then.
final class EmbeddedSnapshot<Engine: StorageEngine>: StoreSnapshot, @unchecked Sendable {
    let store: EmbeddedStore<Engine>
    let revision: Revision
    /// What the snapshot was taken from and keeps.
    private let owner: (any AnyObject & Sendable)?
    private var view: Engine.Snapshot?
    private var id: UInt64 = 0
    /// Twice the number of those inside, of whom the snapshot itself is one until it is ended; and 1 from then on. At first
    /// its maker is inside too.
    private let users = Atomic<Int>(4)
    private let ending = Atomic<UInt8>(0)
    /// Its scans that are open.
    private let scans = AtomicLazyReference<LiveViews>()

    /// Takes a snapshot. Called inside the store's gate.
    init(of store: EmbeddedStore<Engine>, keeping owner: (any AnyObject & Sendable)?, mayWait: Bool) throws(StoreError)
    {
        let view = try store.engine.makeSnapshot()
        revision = try view.revision(mayWait: mayWait)
        self.store = store
        self.owner = owner
        self.view = view
        id = store.views.add(self)
        // It may have been ended already; until here its maker was inside.
        leave()
    }

    deinit { close() }

    var isOpen: Bool { users.load(ordering: .relaxed) & 1 == 0 && store.isOpen }
    var description: String { "\(store.description) at revision \(revision)" }
    var limits: StoreLimits { store.limits }

    func close() { end(.closed) }

    /// Counts a use of the engine's view in.
    ///
    /// - Returns: the view, valid until ``leave()``.
    /// - Throws: why the snapshot has ended.
    func enter() throws(StoreError) -> Engine.Snapshot {
        var count = users.load(ordering: .relaxed)
        while count & 1 == 0 {
            let (entered, now) = users.weakCompareExchange(
                expected: count, desired: count + 2, ordering: .acquiringAndReleasing)
            if entered, let view { return view }
            count = now
        }
        throw endedError
    }

    /// Counts a use out.
    func leave() {
        guard users.subtract(2, ordering: .acquiringAndReleasing).newValue == 1 else { return }
        view = nil
        // In this order, because closing the store waits for the count.
        store.views.remove(id)
    }

    /// Counts an open scan in. It enters and leaves by itself.
    func add(_ scan: any RevocableView) -> UInt64 {
        (scans.load() ?? scans.storeIfNil(LiveViews())).add(scan)
    }

    func remove(_ scan: UInt64) { scans.load()?.remove(scan) }

    /// Lets nobody in any more, and takes the view from the scans.
    private func end(_ reason: ViewEnd) {
        _ = ending.compareExchange(expected: 0, desired: reason.rawValue, ordering: .relaxed)
        guard users.bitwiseOr(1, ordering: .acquiringAndReleasing).oldValue & 1 == 0 else { return }
        scans.load()?.revokeEach(reason)
        leave()
    }

    private var endedError: StoreError {
        switch ViewEnd(rawValue: ending.load(ordering: .relaxed)) {
        case .expired: store.expiredError
        case .storeClosed: store.closedError
        case .closed, nil:
            StoreError(.snapshotEnded, "The snapshot was closed; take another one.", store: store.description)
        }
    }
}

extension EmbeddedSnapshot: RevocableView {
    func revoke(_ reason: ViewEnd) { end(reason) }
}

/// Reads run on the caller, as those of the store do.
extension EmbeddedSnapshot: PromptReading {
    func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        do {
            return try getNow(key)
        } catch {
            return try await getLater(key, after: error)
        }
    }

    func exists(_ key: Bytes) async throws(StoreError) -> Bool {
        try await withValue(for: key) { _ in true } ?? false
    }

    func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        do {
            var result: R?
            _ = try readNow(key) { result = body($0) }
            return result
        } catch {
            return try await getLater(key, after: error).map { body($0.bytes) }
        }
    }

    func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        Entries { ScanSession(store: self.store, snapshot: self, range: range, order: order, limit: limit) }
    }

    func getNow(_ key: Bytes) throws(StoreError) -> Bytes? {
        try reading(key) { view throws(StoreError) in try view.get(key, mayWait: false) }
    }

    func readNow(_ key: Bytes, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool {
        try reading(key) { view throws(StoreError) in try view.read(key, mayWait: false, body) }
    }

    func getLater(_ key: Bytes, after error: StoreError) async throws(StoreError) -> Bytes? {
        try await store.readAgain(after: error) { () throws(StoreError) in
            try self.reading(key) { view throws(StoreError) in try view.get(key, mayWait: true) }
        }
    }

    /// Calls `body` with the engine's view, inside the store's gate.
    private func reading<R>(
        _ key: Bytes, _ body: (Engine.Snapshot) throws(StoreError) -> R
    ) throws(StoreError) -> R {
        try limits.check(key: key)
        return try store.reading { () throws(StoreError) in
            let view = try enter()
            defer { leave() }
            return try body(view)
        }
    }
}

extension EmbeddedStore: SnapshotReading, KeptSnapshots {
    public nonisolated func snapshot() async throws(StoreError) -> any StoreSnapshot {
        try await snapshot(keeping: nil)
    }

    /// Takes a snapshot that keeps `owner`.
    nonisolated func snapshot(
        keeping owner: (any AnyObject & Sendable)?
    ) async throws(StoreError) -> any StoreSnapshot {
        do {
            return try takeSnapshot(keeping: owner, mayWait: false)
        } catch {
            return try await readAgain(after: error) { () throws(StoreError) in
                try self.takeSnapshot(keeping: owner, mayWait: true)
            }
        }
    }

    private nonisolated func takeSnapshot(
        keeping owner: (any AnyObject & Sendable)?, mayWait: Bool
    ) throws(StoreError) -> EmbeddedSnapshot<Engine> {
        try reading { () throws(StoreError) in
            try EmbeddedSnapshot(of: self, keeping: owner, mayWait: mayWait)
        }
    }
}

/// A snapshot of an embedded store, as its user holds it: when the last reference goes, its view is ended.
final class EmbeddedSnapshot<Engine: StorageEngine>: StoreSnapshot {
    let view: SnapshotView<Engine>
    let revision: Revision
    /// What the snapshot was taken from and keeps.
    private let owner: (any AnyObject & Sendable)?

    /// Takes a snapshot. Called inside the store's gate.
    init(of store: EmbeddedStore<Engine>, keeping owner: (any AnyObject & Sendable)?, mayWait: Bool) throws(StoreError)
    {
        let view = try store.engine.makeSnapshot()
        revision = try view.revision(mayWait: mayWait)
        self.owner = owner
        self.view = SnapshotView(view, of: store)
    }

    deinit { close() }

    private var store: EmbeddedStore<Engine> { view.store }
    var isOpen: Bool { view.isOpen && store.isOpen }
    var description: String { "\(store.description) at revision \(revision)" }
    var limits: StoreLimits { store.limits }

    func close() { view.revoke(.closed) }
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
            let engineView = try view.enter()
            defer { view.leave() }
            return try body(engineView)
        }
    }
}

extension EmbeddedStore: SnapshotReading, KeptSnapshots {
    public nonisolated func snapshot() async throws(StoreError) -> any StoreSnapshot {
        do {
            return try snapshotNow(keeping: nil)
        } catch {
            return try await snapshotLater(keeping: nil, after: error)
        }
    }

    nonisolated func snapshotNow(
        keeping owner: (any AnyObject & Sendable)?
    ) throws(StoreError) -> any StoreSnapshot {
        try takeSnapshot(keeping: owner, mayWait: false)
    }

    nonisolated func snapshotLater(
        keeping owner: (any AnyObject & Sendable)?, after error: StoreError
    ) async throws(StoreError) -> any StoreSnapshot {
        try await readAgain(after: error) { () throws(StoreError) in
            try self.takeSnapshot(keeping: owner, mayWait: true)
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

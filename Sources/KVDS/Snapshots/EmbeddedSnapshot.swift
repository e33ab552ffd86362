/// A snapshot of an embedded store, as its user holds it: when the last reference goes, its view is ended.
final class EmbeddedSnapshot: StoreSnapshot {
    let view: SharedSnapshot
    let revision: Revision
    /// Valid because the view keeps the store.
    @safe private unowned(unsafe) let gate: ReadGate
    /// What the snapshot was taken from and keeps.
    private let owner: (any AnyObject & Sendable)?

    /// A snapshot that shows `view` of the engine of `store`, inside whose gate this is called.
    init(
        _ view: any EngineSnapshot, at revision: Revision, of store: any SnapshotHost,
        retaining owner: (any AnyObject & Sendable)?
    ) {
        self.revision = revision
        self.owner = owner
        gate = store.gate
        self.view = SharedSnapshot(view, of: store)
    }

    deinit { if view.isOpen { close() } }

    private var store: any SnapshotHost { view.store }
    var isOpen: Bool { view.isOpen && store.isOpen }
    var description: String { "\(store.description) at revision \(revision)" }
    var limits: StoreLimits { store.limits }

    func close() { view.revoke(.closed) }
}

/// Reads run on the caller, as those of the store do.
extension EmbeddedSnapshot: ReadFastPath {
    func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        do {
            return try tryGet(key)
        } catch {
            return try await getBlocking(key, after: error)
        }
    }

    func exists(_ key: Bytes) async throws(StoreError) -> Bool {
        try await withValue(for: key) { _ in true } ?? false
    }

    func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        do {
            var result: R?
            _ = try tryRead(key) { result = body($0) }
            return result
        } catch {
            return try await getBlocking(key, after: error).map { body($0.bytes) }
        }
    }

    func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        Entries { self.store.makeScan(of: self, in: range, order: order, limit: limit) }
    }

    func tryGet(_ key: Bytes) throws(StoreError) -> Bytes? {
        try reading(key) { view throws(StoreError) in try view.get(key, mayBlock: false) }
    }

    func tryRead(_ key: Bytes, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool {
        try reading(key) { view throws(StoreError) in try view.read(key, mayBlock: false, body) }
    }

    func getBlocking(_ key: Bytes, after error: StoreError) async throws(StoreError) -> Bytes? {
        try await store.retryBlocking(after: error) { () throws(StoreError) in
            try self.reading(key) { view throws(StoreError) in try view.get(key, mayBlock: true) }
        }
    }

    /// Calls `body` with the engine's view, inside the store's gate.
    private func reading<R>(
        _ key: Bytes, _ body: (any EngineSnapshot) throws(StoreError) -> R
    ) throws(StoreError) -> R {
        try limits.check(key: key)
        guard let pass = gate.enter() else { throw store.closedError }
        defer { gate.leave(pass) }
        let engineView = try view.enter()
        defer { view.leave() }
        return try body(engineView)
    }
}

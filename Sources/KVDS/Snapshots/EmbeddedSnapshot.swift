/// A snapshot of an embedded store, as callers hold it. Releasing the last reference ends its ``SharedSnapshot``.
final class EmbeddedSnapshot: StoreSnapshot {
    let view: SharedSnapshot
    let revision: Revision
    /// Valid because `view` retains the store.
    @safe private unowned(unsafe) let gate: ReadGate
    /// An object that the snapshot retains, for example the handle it was taken from.
    private let owner: (any AnyObject & Sendable)?

    /// Creates a snapshot from `view`, a snapshot of the engine of `store`. Called inside the gate of the store.
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

/// Reads run on the caller's thread, like those of the store.
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

    /// Calls `body` with the engine snapshot, inside the store's gate.
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

/// A snapshot of an embedded store, as callers hold it. Releasing the last reference ends its ``SharedSnapshot``.
final class EmbeddedSnapshot: StoreSnapshot {
    let shared: SharedSnapshot
    let revision: Revision
    /// Valid because `shared` retains the store.
    @safe private unowned(unsafe) let gate: ReadGate
    /// An object that the snapshot retains, for example the handle it was taken from.
    private let owner: (any AnyObject & Sendable)?

    /// Creates a snapshot from `base`, a snapshot of the engine of `store`. Called inside the gate of the store.
    init(
        _ base: any EngineSnapshot, at revision: Revision, of store: any SnapshotHost,
        retaining owner: (any AnyObject & Sendable)?
    ) {
        self.revision = revision
        self.owner = owner
        gate = store.gate
        shared = SharedSnapshot(base, of: store)
    }

    deinit { if shared.isOpen { close() } }

    private var store: any SnapshotHost { shared.store }
    var isOpen: Bool { shared.isOpen && store.isOpen }
    var description: String { "\(store.description) at revision \(revision)" }
    var limits: StoreLimits { store.limits }

    func close() { shared.revoke(.closed) }
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

    func tryGet(_ key: Bytes) throws(EngineError) -> Bytes? {
        try reading(key) { base throws(EngineError) in try base.get(key, mayBlock: false) }
    }

    func tryRead(_ key: Bytes, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try reading(key) { base throws(EngineError) in try base.read(key, mayBlock: false, body) }
    }

    func getBlocking(_ key: Bytes, after error: EngineError) async throws(StoreError) -> Bytes? {
        try await store.retryBlocking(after: error) { () throws(EngineError) in
            try self.reading(key) { base throws(EngineError) in try base.get(key, mayBlock: true) }
        }
    }

    /// Calls `body`, which reads the value of `key`, with the engine snapshot, inside the store's gate.
    @inline(__always)
    private func reading<R>(
        _ key: Bytes, _ body: (any EngineSnapshot) throws(EngineError) -> R
    ) throws(EngineError) -> R {
        guard limits.accepts(key) else { throw .failed(limits.wrongKey(key)) }
        return try gate.withRead(orThrow: .failed(store.closedError)) { () throws(EngineError) in
            try shared.withUse(body)
        }
    }
}

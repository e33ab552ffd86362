import KVDS
import Synchronization

/// A snapshot of a model store: a copy.
final class ModelSnapshot: StoreSnapshot {
    private let store: ModelStore
    private let model: OrderedModel
    private let isClosed = Atomic(false)

    init(of store: ModelStore, _ model: OrderedModel) {
        self.store = store
        self.model = model
    }

    var revision: Revision { model.revision }
    var isOpen: Bool { store.isOpen && !isClosed.load(ordering: .acquiring) }
    var description: String { "\(store.description) at revision \(revision)" }
    var limits: StoreLimits { store.limits }

    func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        try limits.check(key: key)
        try checkOpen()
        return model[key]
    }

    func exists(_ key: Bytes) async throws(StoreError) -> Bool { try await get(key) != nil }

    func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        try await get(key).map { body($0.bytes) }
    }

    func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        Entries {
            ModelScan(limit: limit) { () throws(StoreError) in
                try self.checkOpen()
            } read: { () throws(StoreError) in
                self.model.entries(in: range, order: order, limit: limit)
            }
        }
    }

    func close() { isClosed.store(true, ordering: .releasing) }

    private func checkOpen() throws(StoreError) {
        if isClosed.load(ordering: .acquiring) {
            throw StoreError(.snapshotEnded, "The snapshot was closed; take another one.", store: store.description)
        }
        try store.checkOpen()
    }
}

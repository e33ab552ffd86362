public import KVDS
import Synchronization

/// A store that is an ``OrderedModel`` behind an actor: the contract in its shortest form.
///
/// It is slow and correct. Use it to compare a store with, in tests of code that takes any store, and as an example of a
/// `KeyValueStore` that has no engine.
public actor ModelStore: KeyValueStore {
    public nonisolated let description = "model:"
    public nonisolated let limits: StoreLimits

    private nonisolated let openness = Atomic(true)
    private var model = OrderedModel()

    /// An empty store.
    public init(limits: StoreLimits = StoreLimits(maximumKeyLength: 511, maximumValueLength: Int(Int32.max))) {
        self.limits = limits
    }

    public nonisolated var isOpen: Bool { openness.load(ordering: .acquiring) }

    public func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        try limits.check(key: key)
        return try opened()[key]
    }

    public func exists(_ key: Bytes) async throws(StoreError) -> Bool { try await get(key) != nil }

    public nonisolated func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        let value = try await get(key)
        return value.map { body($0.bytes) }
    }

    public nonisolated func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        Entries { ModelScan(store: self, range: range, order: order, limit: limit) }
    }

    @discardableResult
    public func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        try limits.check(batch)
        if Task.isCancelled {
            throw StoreError(.cancelled, "The task was cancelled; nothing changed.", store: description)
        }
        _ = try opened()
        if let failed = model.apply(batch) { return .conditionFailed(index: failed) }
        return .committed(model.revision, .volatile)
    }

    public func close() async throws(StoreError) {
        openness.store(false, ordering: .releasing)
        model = OrderedModel()
    }

    /// What the store holds now.
    ///
    /// - Throws: `.closed`.
    public func contents() throws(StoreError) -> OrderedModel { try opened() }

    private func opened() throws(StoreError) -> OrderedModel {
        try checkOpen()
        return model
    }

    nonisolated func checkOpen() throws(StoreError) {
        if !isOpen { throw StoreError(.closed, "The store is closed; make a new one.", store: description) }
    }
}

/// A scan of a model store: a copy of the entries, handed out in pages.
///
/// `@unchecked Sendable` is right because a scan is used by one iteration.
private final class ModelScan: EntryPageSource, @unchecked Sendable {
    private let store: ModelStore
    private let range: KeyRange
    private let order: ScanOrder
    private let limit: Int?
    private var rest: ArraySlice<Entry>?

    init(store: ModelStore, range: KeyRange, order: ScanOrder, limit: Int?) {
        self.store = store
        self.range = range
        self.order = order
        self.limit = limit
    }

    func nextPage() async throws(StoreError) -> EntryPage? {
        if let limit, limit < 0 {
            throw StoreError(
                .invalidArgument, "A scan's limit is 0 or more; this one is \(limit).", store: store.description)
        }
        try store.checkOpen()
        var entries =
            if let rest { rest } else { try await store.contents().entries(in: range, order: order, limit: limit)[...] }
        var page = EntryPage.Builder(capacity: 4 << 10)
        while let entry = entries.first, page.append(entry) { entries.removeFirst() }
        rest = entries
        return page.finish()
    }

    func end() { rest = [] }
}

/// A draft of the next tree: it shares with the current one what it does not change, and is dropped or published whole.
public final class MemoryTransaction: EngineTransaction {
    private let engine: MemoryEngine
    private var draft: MemoryTree

    init(engine: MemoryEngine) {
        self.engine = engine
        self.draft = engine.current
    }

    public var revision: Revision { draft.revision }

    public func get(_ key: Bytes) throws(StoreError) -> Bytes? { draft.value(of: key) }

    public func makeCursor(in range: KeyRange) throws(StoreError) -> MemoryCursor {
        MemoryCursor(tree: draft, range: range, order: .forward)
    }

    public func set(_ key: Bytes, to value: Bytes) throws(StoreError) { draft.set(key, to: value) }
    public func delete(_ key: Bytes) throws(StoreError) { draft.delete(key) }
    public func delete(_ range: KeyRange) throws(StoreError) { draft.delete(range) }

    public func commit(_ revision: Revision, _ durability: Durability) throws(StoreError) -> Durability {
        draft.revision = revision
        engine.publish(draft)
        return .volatile
    }

    public func abort() {}
}

/// A store in memory. Its content is gone when it is closed.
public typealias MemoryStore = EmbeddedStore<MemoryEngine>

extension EmbeddedStore where Engine == MemoryEngine {
    /// An empty store.
    public init(_ description: String = "memory:") {
        self.init(
            engine: MemoryEngine(), description: description, configuration: StoreConfiguration(durability: .volatile),
            thread: nil)
    }
}

/// A draft of the next version, which is published as a whole or discarded.
public final class MemoryTransaction: EngineTransaction {
    private let versions: VersionStore
    private var draft: MemoryDraft
    private var isOver = false

    init(engine: MemoryEngine) {
        versions = engine.versions
        draft = versions.makeDraft()
    }

    deinit { abort() }

    public var revision: Revision { draft.revision }

    public func get(_ key: Bytes) throws(EngineError) -> Bytes? {
        draft.applyPendingSwap()
        return unsafe key.withUnsafeBytes { key in
            unsafe draft.tree.root.find(key).map { $0.leaf.ownedValue(at: $0.index) }
        }
    }

    public func makeCursor(in range: KeyRange) throws(EngineError) -> MemoryCursor {
        draft.applyPendingSwap()
        return MemoryCursor(tree: draft.tree, range: range, order: .forward)
    }

    public func set(_ key: Bytes, to value: Bytes) throws(EngineError) { draft.set(key, to: value) }
    public func delete(_ key: Bytes) throws(EngineError) { draft.delete(key) }
    public func delete(in range: KeyRange) throws(EngineError) { draft.delete(in: range) }

    public func commit(_ revision: Revision, _ durability: Durability) throws(EngineError) -> Durability {
        draft.revision = revision
        isOver = true
        versions.publish(draft)
        return .volatile
    }

    public func abort() {
        if isOver { return }
        isOver = true
        draft.discardAll()
    }
}

extension EmbeddedStore where Engine == MemoryEngine {
    /// Makes an empty store. Its commits are always `.volatile`: the durability in `configuration` is ignored.
    public init(_ description: String = "memory:", configuration: StoreConfiguration = StoreConfiguration()) {
        self.init(description, configuration: configuration, clock: ReaperClock())
    }

    init(_ description: String = "memory:", configuration: StoreConfiguration, clock: ReaperClock) {
        var configuration = configuration
        configuration.durability = .volatile
        self.init(
            engine: MemoryEngine(), description: description, configuration: configuration, thread: nil, clock: clock)
    }
}

/// A store in memory. Its content is gone when it is closed.
public typealias MemoryStore = EmbeddedStore<MemoryEngine>

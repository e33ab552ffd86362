/// A store in memory. Its contents are lost when it is closed.
public typealias MemoryStore = EmbeddedStore<MemoryEngine>

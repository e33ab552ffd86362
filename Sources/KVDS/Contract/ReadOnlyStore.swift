/// A store that can be read and not written. It holds the store underneath.
public struct ReadOnlyStore: ReaderLayer {
    public let reader: any StoreReader

    init(_ reader: any StoreReader) { self.reader = reader }

    public var description: String { "\(reader.description) (read only)" }
}

extension KeyValueStore {
    /// The store for those who may only read it.
    public var readOnly: ReadOnlyStore { ReadOnlyStore(self) }
}

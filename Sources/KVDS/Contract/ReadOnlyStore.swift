/// A store without its write functions. It retains the underlying store.
public struct ReadOnlyStore: ReaderLayer {
    public let reader: any StoreReader

    init(_ reader: any StoreReader) { self.reader = reader }

    public var description: String { "\(reader.description) (read only)" }
}

extension KeyValueStore {
    /// The store without its write functions, for code that must not write.
    public var readOnly: ReadOnlyStore { ReadOnlyStore(self) }
}

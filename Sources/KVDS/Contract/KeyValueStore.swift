/// An ordered key-value store: what every backend is, and what every layer stands on.
public protocol KeyValueStore: StoreReader, StoreWriter {
    /// Closes the store: waits for the commits in flight, ends open scans with `.closed`, and releases every file and lock.
    ///
    /// When it returns, the same files can be opened again. Later calls throw `.closed`; closing twice is harmless.
    func close() async throws(StoreError)
}

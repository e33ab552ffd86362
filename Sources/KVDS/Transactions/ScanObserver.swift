/// Learns what a scan has read of a store.
protocol ScanObserver: AnyObject, Sendable {
    /// Called before an entry is returned, and once at the end of the range.
    ///
    /// - Parameters:
    ///   - entries: what the store holds between the key of the last call and `key`, in the scan's order: the entry that is
    ///     returned, if it is the store's, and those that the buffer hides.
    ///   - key: how far the scan has come; nil for the whole range.
    /// - Throws: what the scan is to end with.
    func scanned(_ entries: [Entry], upTo key: Bytes?) throws(StoreError)

    /// The error to end the scan with, where the store's scan ended with `error`.
    func failed(_ error: StoreError) -> StoreError
}

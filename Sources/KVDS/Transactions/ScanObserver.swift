/// Receives what a scan has read from a store.
protocol ScanObserver: AnyObject, Sendable {
    /// Called before an entry is returned, and once at the end of the range.
    ///
    /// - Parameters:
    ///   - entries: the entries of the store between the key of the last call and `key`, in the order of the scan: the
    ///     entry that is returned, if it is from the store, and the entries that the buffer hides.
    ///   - key: how far the scan has come; nil for the whole range.
    /// - Throws: the error that ends the scan.
    func scanned(_ entries: [Entry], upTo key: Bytes?) throws(StoreError)

    /// The error that ends the scan, after the scan of the store has ended with `error`.
    func failed(_ error: StoreError) -> StoreError
}

/// A position in a range. It is used by one thread at a time, not always the same.
public protocol EngineCursor: AnyObject, Sendable {
    /// Adds the entries that follow to `page` until it takes no more.
    ///
    /// - Parameters:
    ///   - page: what to fill.
    ///   - mayBlock: as for ``StorageEngine/get(_:mayBlock:)``. After `.wouldBlock` the call is repeated with an empty page
    ///     and true.
    /// - Returns: whether there are no more entries.
    func fill(_ page: inout EntryPage.Builder, mayBlock: Bool) throws(StoreError) -> Bool
}

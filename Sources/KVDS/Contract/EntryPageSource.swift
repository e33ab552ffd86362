/// Where the pages of one scan come from: what a store of your own makes to take part in ``Entries``.
///
/// It is used by one iteration. Going out of scope must free what it holds.
public protocol EntryPageSource: AnyObject, Sendable {
    /// The next page, never empty, or nil at the end. Once it has returned nil or thrown it holds nothing any more.
    func nextPage() async throws(StoreError) -> EntryPage?

    /// Frees what the scan holds, at once.
    func end()
}

extension EntryPageSource {
    /// The next page; in a task that was cancelled the scan ends.
    @usableFromInline
    func nextPageUnlessCancelled() async throws(StoreError) -> EntryPage? {
        if Task.isCancelled {
            end()
            throw StoreError(.cancelled, "The task that scans was cancelled.")
        }
        return try await nextPage()
    }
}

/// The source of the pages of one scan. Implement it for the scans of your own store: see ``Entries``.
///
/// One iteration uses the source. The source must free its resources when it is released.
public protocol EntryPageSource: AnyObject, Sendable {
    /// The next page, which is never empty, or nil at the end.
    ///
    /// After it has returned nil, or thrown an error other than `.busy`, the source holds no resources.
    func nextPage() async throws(StoreError) -> EntryPage?

    /// Ends the scan and frees its resources immediately. May be called more than once.
    func end()
}

extension EntryPageSource {
    /// The next page. If the task was cancelled, ends the scan and throws `.cancelled`.
    @usableFromInline
    func nextPageUnlessCancelled() async throws(StoreError) -> EntryPage? {
        if Task.isCancelled {
            end()
            throw StoreError(.cancelled, "The scanning task was cancelled.")
        }
        return try await nextPage()
    }
}

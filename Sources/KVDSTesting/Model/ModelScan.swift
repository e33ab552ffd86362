import KVDS

/// A scan of a model store: a copy of the entries, returned in pages.
///
/// `@unchecked Sendable` is correct because only one iteration uses a scan.
final class ModelScan: EntryPageSource, @unchecked Sendable {
    private let limit: Int?
    private let check: @Sendable () throws(StoreError) -> Void
    private let read: @Sendable () async throws(StoreError) -> [Entry]
    private var rest: ArraySlice<Entry>?

    /// - Parameters:
    ///   - check: throws if the scan must end.
    ///   - read: returns all entries of the scan as of its call.
    init(
        limit: Int?, check: @escaping @Sendable () throws(StoreError) -> Void,
        read: @escaping @Sendable () async throws(StoreError) -> [Entry]
    ) {
        self.limit = limit
        self.check = check
        self.read = read
    }

    func nextPage() async throws(StoreError) -> EntryPage? {
        if let limit, limit < 0 {
            throw StoreError(.invalidArgument, "A scan's limit is 0 or more; this one is \(limit).")
        }
        try check()
        var entries = if let rest { rest } else { try await read()[...] }
        var page = EntryPage.Builder(capacity: 4 << 10)
        while let entry = entries.first, page.append(entry) { entries.removeFirst() }
        rest = entries
        return page.finish()
    }

    func end() { rest = [] }
}

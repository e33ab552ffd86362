/// The resources of an open scan: a snapshot and a cursor.
///
/// `@unchecked Sendable` is right because only the thread that has taken it out of the state of its session uses it.
final class OpenScan<Engine: StorageEngine>: @unchecked Sendable {
    private static var maximumPageCapacity: Int { 64 << 10 }

    private let view: ScanSnapshot<Engine>
    private var cursor: (any EngineCursor)?
    private var remaining: Int
    /// Grows, so that a short scan reads little and a long one has few pages.
    private var pageCapacity = 4 << 10
    private var hasEnded = false

    init(view: ScanSnapshot<Engine>, cursor: any EngineCursor, limit: Int) {
        self.view = view
        self.cursor = cursor
        self.remaining = limit
    }

    var isFinished: Bool { hasEnded || remaining == 0 }

    func revision() throws(StoreError) -> Revision { try view.revision() }

    func nextPage(mayBlock: Bool) throws(StoreError) -> EntryPage? {
        guard let cursor else { return nil }
        var builder = EntryPage.Builder(capacity: pageCapacity, maximumCount: remaining)
        hasEnded = try cursor.fill(&builder, mayBlock: mayBlock)
        remaining -= builder.count
        pageCapacity = min(pageCapacity * 2, Self.maximumPageCapacity)
        return builder.finish()
    }

    /// Releases the cursor, then the snapshot that it reads. Called once.
    func release() {
        cursor = nil
        view.release()
    }
}

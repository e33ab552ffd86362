import Synchronization

/// A scan of a transaction: merges the store and the buffer, both as of the request for the first entry.
///
/// A page has one entry, so that only returned entries count as read. An entry of the store is a slice of its page and
/// is not copied.
///
/// `@unchecked Sendable` is right because one call runs at a time, and only that call changes the state. ``end()`` is
/// called when no other call runs or follows.
final class MergedScan: EntryPageSource, @unchecked Sendable {
    /// The inputs of a scan.
    struct Opening: Sendable {
        /// The entries of the store in the range and order of the scan, at least ``WriteBuffer/storeLimit(for:)`` of
        /// them.
        var base: any EntryPageSource
        var buffer: WriteBuffer
        var observer: (any ScanObserver)?
    }

    private enum State {
        case unopened
        case running(Running)
        case ended
    }

    private let range: KeyRange
    private let order: ScanOrder
    private let open: @Sendable () async throws(StoreError) -> Opening
    private var remaining: Int
    private var state = State.unopened
    private let isAsked = Atomic(false)

    /// - Parameter open: called by the first request for a page, unless the scan can have no entries.
    init(
        in range: KeyRange, order: ScanOrder, limit: Int?,
        open: @escaping @Sendable () async throws(StoreError) -> Opening
    ) {
        self.range = range
        self.order = order
        self.open = open
        remaining = limit ?? .max
    }

    func nextPage() async throws(StoreError) -> EntryPage? {
        if isAsked.exchange(true, ordering: .acquiring) { throw .iteratorIsAsked(nil) }
        defer { isAsked.store(false, ordering: .releasing) }
        switch state {
        case .ended: return nil
        case .unopened:
            if remaining < 0 {
                throw StoreError(.invalidArgument, "A scan's limit is 0 or more; this one is \(remaining).")
            }
            if remaining == 0 || range.isEmpty { return nil }
            return try await advance(Running(try await open(), in: range, order: order))
        case .running(let running):
            // The state must not hold a second reference to the value that changes.
            state = .ended
            return try await advance(running)
        }
    }

    func end() {
        if case .running(let running) = state { running.base.end() }
        state = .ended
    }

    /// Advances to the next page. After an error the scan stays ended, and its base is released.
    private func advance(_ running: consuming Running) async throws(StoreError) -> EntryPage? {
        state = .ended
        if remaining == 0 { return nil }
        let page = try await running.nextPage()
        if page == nil { return nil }
        remaining -= 1
        if remaining > 0 { state = .running(running) } else { running.base.end() }
        return page
    }
}

import Synchronization

/// The scan of a store as a transaction sees it: merged with its buffer, as both are when the first entry is asked for.
///
/// A page has one entry, so that nothing counts as read that was not returned. An entry of the store is a slice of the
/// page it came with, and costs no copy.
///
/// `@unchecked Sendable` is right because one call at a time goes on, and nobody else touches what it changes; it is ended
/// when nobody asks any more.
final class MergedScan: EntryPageSource, @unchecked Sendable {
    /// What a scan is made of.
    struct Opening: Sendable {
        /// The store's entries in the scan's range and order, at least ``WriteBuffer/storeLimit(for:)`` of them.
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

    /// - Parameter open: called with the first page, if the scan can have any.
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
            // The state must not hold a second reference to what is changed.
            state = .ended
            return try await advance(running)
        }
    }

    func end() {
        if case .running(let running) = state { running.base.end() }
        state = .ended
    }

    /// Runs to the next page. On an error the scan stays ended, and its base is released.
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

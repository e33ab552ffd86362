/// The scan of a store as a transaction sees it: merged with its buffer, as both are when the first entry is asked for.
///
/// A page has one entry, so that nothing counts as read that was not returned. An entry of the store is a slice of the
/// page it came with, and costs no copy.
///
/// `@unchecked Sendable` is right because a scan is used by one iteration.
final class BufferedScan: EntryPageSource, @unchecked Sendable {
    /// What a scan is made of.
    struct Opening: Sendable {
        /// The store's entries in the scan's range and order, at least ``WriteBuffer/storeLimit(for:)`` of them.
        var base: any EntryPageSource
        var buffer: WriteBuffer
        var observer: (any ScanObserver)?
    }

    fileprivate struct Running {
        let base: any EntryPageSource
        let observer: (any ScanObserver)?
        var merge: ScanMerge
        var page: EntryPage.Iterator?
        var next: (entry: Entry, page: EntryPage)?
        var baseHasEnded = false
        /// The entries of the store that were taken since the observer was told.
        var taken: [Entry] = []
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
        switch state {
        case .ended: return nil
        case .unopened:
            if remaining < 0 {
                throw StoreError(.invalidArgument, "A scan's limit is 0 or more; this one is \(remaining).")
            }
            if remaining == 0 || range.isEmpty { return nil }
            let opening = try await open()
            let merge = ScanMerge(opening.buffer, in: range, order: order)
            return try await advance(Running(base: opening.base, observer: opening.observer, merge: merge))
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

extension BufferedScan.Running {
    mutating func nextPage() async throws(StoreError) -> EntryPage? {
        while true {
            if next == nil, !baseHasEnded { try await readNext() }
            switch merge.step(next?.entry) {
            case .passOver: takeNext()
            case .returnNext:
                let page = next?.page
                let key = next?.entry.key
                takeNext()
                try report(upTo: key)
                return page
            case .returnOwn(let entry):
                try report(upTo: entry.key)
                return EntryPage(entry)
            case .end:
                try report(upTo: nil)
                return nil
            }
        }
    }

    private mutating func readNext() async throws(StoreError) {
        next = page?.nextSlice()
        while next == nil {
            guard let following = try await nextBasePage() else {
                baseHasEnded = true
                return
            }
            page = following.makeIterator()
            next = page?.nextSlice()
        }
    }

    private func nextBasePage() async throws(StoreError) -> EntryPage? {
        do throws(StoreError) {
            return try await base.nextPage()
        } catch {
            throw observer?.failed(error) ?? error
        }
    }

    private mutating func takeNext() {
        if let next { taken.append(next.entry) }
        next = nil
    }

    private mutating func report(upTo key: Bytes?) throws(StoreError) {
        try observer?.scanned(taken, upTo: key)
        taken.removeAll(keepingCapacity: true)
    }
}

extension MergedScan {
    /// A scan that has begun and not ended: the pages of the store, and the position of the merge with the buffer.
    struct Running {
        let base: any EntryPageSource
        private let observer: (any ScanObserver)?
        private var merge: ScanMerge
        private var page: EntryPage.Iterator?
        private var next: (entry: Entry, page: EntryPage)?
        private var baseHasEnded = false
        /// The entries of the store that were consumed since the last report to the observer.
        private var taken: [Entry] = []

        init(_ opening: Opening, in range: KeyRange, order: ScanOrder) {
            base = opening.base
            observer = opening.observer
            merge = ScanMerge(opening.buffer, in: range, order: order)
        }
    }
}

extension MergedScan.Running {
    /// The next entry, as a page of its own; nil at the end.
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

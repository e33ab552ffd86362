extension KeyValueStore {
    /// The entries in `range` as they are now, and again after every change.
    ///
    /// ```swift
    /// for try await users in store.observe(prefix: "user:") { show(users) }
    /// ```
    ///
    /// Each element contains all entries of the range, in key order, from one snapshot. If several commits are made
    /// while an element is processed, the next element shows all of them. So the sequence may skip states, but never
    /// the newest one.
    ///
    /// The sequence throws the errors of ``snapshot()``, of scans, and of ``changes(in:since:options:)``. If the store
    /// has no snapshots or no change feed, it throws `.notSupported`.
    public func observe(in range: KeyRange = .all) -> EntriesObservation {
        EntriesObservation(store: self, range: range)
    }

    /// The entries whose keys begin with `prefix`, as they are now and again after every change.
    public func observe(prefix: Bytes) -> EntriesObservation { observe(in: .prefix(prefix)) }
}

/// The entries of a range, delivered again after every change: see ``KeyValueStore/observe(in:)``.
public struct EntriesObservation: AsyncSequence, Sendable {
    public typealias Element = [Entry]
    public typealias Failure = StoreError

    let store: any KeyValueStore
    let range: KeyRange

    public func makeAsyncIterator() -> Iterator { Iterator(store: store, range: range) }

    /// Waits for changes and reads the range again.
    public struct Iterator: AsyncIteratorProtocol {
        private let store: any KeyValueStore
        private let range: KeyRange
        /// A subscription. The first one starts with the iterator, so that the store records changes. The second one
        /// starts after the revision of the first element.
        private var changes: Changes.Iterator
        /// The revision of the last element.
        private var shown: Revision?
        /// Whether something has changed since then that could not be read yet.
        private var isBehind = false

        init(store: any KeyValueStore, range: KeyRange) {
            self.store = store
            self.range = range
            changes = store.changes(in: range).makeAsyncIterator()
        }

        /// Waits until the entries may have changed, then returns them. The first call does not wait. Never returns
        /// nil.
        ///
        /// - Throws: the errors of reading, after which the next call reads again; the errors of
        ///   ``Changes/Iterator/next(isolation:)``, after which the observation has ended.
        public mutating func next(isolation: isolated (any Actor)?) async throws(StoreError) -> [Entry]? {
            if let shown, !isBehind {
                // The last element shows the commits up to its revision already.
                while let event = try await changes.next(), event.revision <= shown || event.changesNothing {}
                isBehind = true
            }
            if shown == nil { _ = try store.require(store.changeFeed, "change feed") }
            let snapshot = try await store.snapshot()
            defer { snapshot.close() }
            var entries: [Entry] = []
            for try await entry in snapshot.entries(in: range) { entries.append(entry) }
            if shown == nil { changes = store.changes(in: range, since: snapshot.revision).makeAsyncIterator() }
            shown = snapshot.revision
            isBehind = false
            return entries
        }

        /// Waits until the entries may have changed, then returns them. The first call does not wait. Never returns
        /// nil.
        public mutating func next() async throws(StoreError) -> [Entry]? {
            try await next(isolation: #isolation)
        }
    }
}

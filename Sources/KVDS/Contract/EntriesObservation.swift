extension KeyValueStore {
    /// The entries in `range` as they are now, and again whenever they have changed.
    ///
    /// ```swift
    /// for try await users in store.observe(prefix: "user:") { show(users) }
    /// ```
    ///
    /// Each element is the whole range at one moment, in key order. Commits that land while the last element is still
    /// being looked at are seen as one: the sequence skips states, never the newest one.
    ///
    /// The elements throw what scanning throws, and what ``changes(in:since:options:)`` throws.
    public func observe(in range: KeyRange = .all) -> EntriesObservation {
        EntriesObservation(store: self, range: range)
    }

    /// The entries whose keys begin with `prefix`, now and whenever they have changed.
    public func observe(prefix: Bytes) -> EntriesObservation { observe(in: .prefix(prefix)) }
}

/// The entries of a range, again and again: what ``KeyValueStore/observe(prefix:)`` returns.
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
        /// First of what comes after now, so that the store remembers it; later of what comes after the last element.
        private var changes: Changes.Iterator
        /// The revision of the last element.
        private var shown: Revision?
        /// Whether something has changed since, and could not be read yet.
        private var isBehind = false

        init(store: any KeyValueStore, range: KeyRange) {
            self.store = store
            self.range = range
            changes = store.changes(in: range).makeAsyncIterator()
        }

        /// The entries at the first moment at which they may differ from those before; it never returns nil.
        ///
        /// - Throws: what reading throws, after which the next call reads again what this one could not; and what
        ///   ``Changes/Iterator/next(isolation:)`` throws, after which the observation is over.
        public mutating func next(isolation: isolated (any Actor)?) async throws(StoreError) -> [Entry]? {
            if let shown, !isBehind {
                // What was committed before the last look has been shown.
                while let event = try await changes.next(), event.revision <= shown {}
                isBehind = true
            }
            let snapshot = try await store.snapshot()
            defer { snapshot.close() }
            var entries: [Entry] = []
            for try await entry in snapshot.entries(in: range) { entries.append(entry) }
            if shown == nil { changes = store.changes(in: range, since: snapshot.revision).makeAsyncIterator() }
            shown = snapshot.revision
            isBehind = false
            return entries
        }

        /// The entries at the first moment at which they may differ from those before; it never returns nil.
        public mutating func next() async throws(StoreError) -> [Entry]? {
            try await next(isolation: #isolation)
        }
    }
}

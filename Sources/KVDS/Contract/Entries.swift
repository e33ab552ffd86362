/// The entries of a scan in key order, streamed in pages.
///
/// ```swift
/// for try await entry in store.entries(prefix: "user:") { print(entry.key, entry.value) }
/// ```
///
/// Each iteration is a separate scan. It shows a snapshot of the store, taken when its first element is requested. The
/// scan releases its resources as soon as it ends, fails or is cancelled, or its iterator is released.
public struct Entries: AsyncSequence, Sendable {
    public typealias Element = Entry
    public typealias Failure = StoreError

    /// Creates the source of one iteration. A layer wraps it to translate entries.
    public let makeSource: @Sendable () -> any EntryPageSource

    /// Creates a sequence that gets its pages from `makeSource`, which is called once for each iteration.
    public init(_ makeSource: @escaping @Sendable () -> any EntryPageSource) {
        self.makeSource = makeSource
    }

    @inlinable
    public func makeAsyncIterator() -> Iterator { Iterator(source: makeSource()) }

    /// The same scan with pages as elements, for processing many entries at a time.
    public var pages: Pages { Pages(makeSource: makeSource) }

    /// Iterates over the entries of a scan.
    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline let source: any EntryPageSource
        @usableFromInline var page: EntryPage.Iterator?

        @inlinable
        init(source: any EntryPageSource) { self.source = source }

        /// The next entry, or nil at the end.
        ///
        /// An iterator belongs to one task. Copies of it share one scan: if two tasks call `next()` at the same time,
        /// one call may throw `.busy`.
        ///
        /// - Throws: `.cancelled` when the task was cancelled; `.closed` when the store was closed; `.busy` when
        ///   another task is reading the next page of this scan; `.invalidArgument` if the limit is negative; the
        ///   errors of reading the store. After an error other than `.busy` the scan has ended.
        @inlinable
        public mutating func next(isolation: isolated (any Actor)?) async throws(StoreError) -> Entry? {
            // The call does not suspend while the page has entries.
            if !Task.isCancelled, let entry = page?.next() { return entry }
            page = nil
            page = try await source.nextPageUnlessCancelled()?.makeIterator()
            return page?.next()
        }

        /// The next entry, or nil at the end.
        @inlinable
        public mutating func next() async throws(StoreError) -> Entry? {
            try await next(isolation: #isolation)
        }
    }
}

extension Entries {
    /// A scan whose elements are pages.
    public struct Pages: AsyncSequence, Sendable {
        public typealias Element = EntryPage
        public typealias Failure = StoreError

        let makeSource: @Sendable () -> any EntryPageSource

        public func makeAsyncIterator() -> Iterator { Iterator(source: makeSource()) }

        /// Iterates over the pages of a scan.
        public struct Iterator: AsyncIteratorProtocol {
            let source: any EntryPageSource

            /// The next page, or nil at the end.
            ///
            /// - Throws: as ``Entries/Iterator/next(isolation:)``.
            public mutating func next(isolation: isolated (any Actor)?) async throws(StoreError) -> EntryPage? {
                try await source.nextPageUnlessCancelled()
            }

            /// The next page, or nil at the end.
            public mutating func next() async throws(StoreError) -> EntryPage? {
                try await next(isolation: #isolation)
            }
        }
    }
}

extension StoreError {
    /// The error of the second of two concurrent calls on one iterator, of entries or of changes.
    static func iteratorIsAsked(_ store: String?) -> StoreError {
        StoreError(.busy, "Two tasks called next() on one iterator; give each task its own iterator.", store: store)
    }
}

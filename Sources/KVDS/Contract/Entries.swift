/// The entries of a scan, streamed page by page in key order.
///
/// ```swift
/// for try await entry in store.entries(prefix: "user:") { print(entry.key, entry.value) }
/// ```
///
/// Each iteration is a scan of its own: it shows the store as it was when its first element was asked for. What a scan
/// holds is freed as soon as it ends, fails, is cancelled, or its iterator goes away.
public struct Entries: AsyncSequence, Sendable {
    public typealias Element = Entry
    public typealias Failure = StoreError

    @usableFromInline let makeSource: @Sendable () -> any EntryPageSource

    /// Entries that come from `makeSource`, which is called once for each iteration.
    public init(_ makeSource: @escaping @Sendable () -> any EntryPageSource) {
        self.makeSource = makeSource
    }

    @inlinable
    public func makeAsyncIterator() -> Iterator { Iterator(source: makeSource()) }

    /// The same scan with pages as its elements, for those who process many entries at once.
    public var pages: Pages { Pages(makeSource: makeSource) }

    /// Walks through the entries of a scan.
    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline let source: any EntryPageSource
        @usableFromInline var page: EntryPage.Iterator?

        @inlinable
        init(source: any EntryPageSource) { self.source = source }

        /// The next entry, or nil at the end.
        ///
        /// An iterator belongs to one task. Copies of it share its scan: where two tasks ask at the same moment, one of them
        /// may be answered with `.busy`.
        ///
        /// - Throws: `.cancelled` when the task was cancelled, `.closed` when the store was closed, `.busy` when another
        ///   task is asking this scan, and what the store throws when it is read. After an error other than `.busy` the
        ///   scan is over.
        @inlinable
        public mutating func next(isolation: isolated (any Actor)?) async throws(StoreError) -> Entry? {
            // Nothing is awaited while the page lasts.
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

        /// Walks through the pages of a scan.
        public struct Iterator: AsyncIteratorProtocol {
            let source: any EntryPageSource

            /// The next page, or nil at the end.
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
    /// What the second of two calls is answered with that ask one iterator at once, be it of entries or of changes.
    static func iteratorIsAsked(_ store: String?) -> StoreError {
        StoreError(.busy, "Two tasks ask one iterator for its next element; give each its own.", store: store)
    }
}

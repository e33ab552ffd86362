/// The committed changes of a store: see ``ChangeFeedProvider/makeChanges(in:since:options:)``.
///
/// The sequence has no end. A subscription ends immediately when its iterator is released or its task is cancelled.
public struct Changes: AsyncSequence, Sendable {
    public typealias Element = ChangeEvent
    public typealias Failure = StoreError

    /// Creates the source of one subscription. A layer wraps it to translate events.
    public let makeSource: @Sendable () -> any ChangeSource

    /// Creates a sequence that gets its events from `makeSource`, which is called once for each iteration.
    public init(_ makeSource: @escaping @Sendable () -> any ChangeSource) {
        self.makeSource = makeSource
    }

    /// Begins a subscription.
    public func makeAsyncIterator() -> Iterator { Iterator(source: makeSource()) }

    /// A subscription.
    public struct Iterator: AsyncIteratorProtocol {
        private let source: any ChangeSource
        private var events: ArraySlice<ChangeEvent> = []
        private var failure: StoreError?

        init(source: any ChangeSource) { self.source = source }

        /// Waits for the next event. Never returns nil.
        ///
        /// - Throws: `.cancelled` when the task was cancelled; `.closed` when the store was closed; `.writesRefused`
        ///   after a commit of unknown outcome; the first call also the errors of a commit. After these the
        ///   subscription has ended, and later calls throw the same error. `.busy` when another task waits for this
        ///   subscription's next event.
        public mutating func next(isolation: isolated (any Actor)?) async throws(StoreError) -> ChangeEvent? {
            if let failure { throw failure }
            do throws(StoreError) {
                if Task.isCancelled { throw StoreError(.cancelled, "The subscriber's task was cancelled.") }
                if events.isEmpty { events = try await source.nextEvents()[...] }
            } catch {
                // Two tasks called `next()` at the same time. The subscription continues for the other one.
                if error.code == .busy { throw error }
                source.end()
                failure = error
                throw error
            }
            return events.popFirst()
        }

        /// Waits for the next event. Never returns nil.
        public mutating func next() async throws(StoreError) -> ChangeEvent? {
            try await next(isolation: #isolation)
        }
    }
}

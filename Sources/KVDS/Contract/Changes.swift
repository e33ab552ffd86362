/// The changes of a store, as they are made: what ``ChangeFeedProvider/changes(in:since:options:)`` returns.
///
/// It has no end of its own. A subscription ends with its iterator, or when its task is cancelled, at once.
public struct Changes: AsyncSequence, Sendable {
    public typealias Element = ChangeEvent
    public typealias Failure = StoreError

    let makeSource: @Sendable () -> any ChangeSource

    /// Changes that come from `makeSource`, which is called once for each iteration.
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

        /// The next event; it never returns nil.
        ///
        /// - Throws: `.cancelled` when the task was cancelled, `.closed` when the store was closed, `.writesRefused` when
        ///   the outcome of a commit is unknown. After an error the subscription is over, and throws it again.
        public mutating func next(isolation: isolated (any Actor)?) async throws(StoreError) -> ChangeEvent? {
            if let failure { throw failure }
            do throws(StoreError) {
                if Task.isCancelled { throw StoreError(.cancelled, "The task that observes was cancelled.") }
                if events.isEmpty { events = try await source.nextEvents()[...] }
            } catch {
                // Of two tasks that ask at once the other one's subscription goes on.
                if error.code == .busy { throw error }
                source.end()
                failure = error
                throw error
            }
            return events.popFirst()
        }

        /// The next event; it never returns nil.
        public mutating func next() async throws(StoreError) -> ChangeEvent? {
            try await next(isolation: #isolation)
        }
    }
}

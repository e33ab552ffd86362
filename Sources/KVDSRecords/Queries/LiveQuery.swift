import KVDS

/// A change of the result of a query; see ``Query/changes()``.
public enum RecordChange<Record: Sendable>: Sendable {
    /// A record matches that did not match before, or did not exist.
    case inserted(Record)
    /// A record that matches has changed, and still matches.
    case updated(from: Record, to: Record)
    /// A record was deleted, or no longer matches. This is how it was.
    case removed(Record)
    /// Some changes are lost, because they came faster than they were read. Forget all records: those that match now
    /// follow as `inserted`.
    case reset
}

extension RecordChange: Equatable where Record: Equatable {}

extension Query {
    /// The records that match now, each as an insertion, and then every change of the result, in the order of the
    /// commits.
    ///
    /// ```swift
    /// for try await change in table.query(\.city == "Oslo").changes() {
    ///     switch change {
    ///     case .inserted(let user): show(user)
    ///     …
    /// ```
    ///
    /// The query is not run again: the change feed of the store delivers the records that changed, with what they were
    /// before. Nothing is missed between the first records and the changes. The changes of one commit come in the order
    /// of the keys. The sequence does not end by itself: it throws `.cancelled` when its task is cancelled, and
    /// `.closed` when the store is closed.
    ///
    /// The sequence throws `.invalidArgument` if the query has an order or a limit, `.notSupported` if its store has no
    /// change feed or no snapshots, and the errors of the iteration and of the store's change feed.
    ///
    /// - Complexity: O(k) for each commit that changes k records of the table.
    public func changes() -> LiveQuery<Record> { LiveQuery(query: self) }
}

/// The changes of the result of a query; see ``Query/changes()``.
public struct LiveQuery<Record: Codable & Sendable>: AsyncSequence, Sendable {
    public typealias Element = RecordChange<Record>

    let query: Query<Record>

    public func makeAsyncIterator() -> Iterator { Iterator(query: query) }

    /// Iterates over the changes.
    public struct Iterator: AsyncIteratorProtocol {
        private let query: Query<Record>
        private var feed: LiveFeed<Record>?
        private var pending: [RecordChange<Record>] = []

        init(query: Query<Record>) { self.query = query }

        /// Waits for the next change. Never returns nil.
        ///
        /// - Throws: as ``Query/changes()`` says.
        public mutating func next(isolation: isolated (any Actor)?) async throws -> RecordChange<Record>? {
            while pending.isEmpty {
                var feed = if let feed = self.feed { feed } else { try await LiveFeed(query) }
                // Also after an error, so that the next call continues behind it.
                defer { self.feed = feed }
                guard let changes = try await feed.next() else { return nil }
                pending = changes.reversed()
            }
            return pending.popLast()
        }

        /// Waits for the next change. Never returns nil.
        public mutating func next() async throws -> RecordChange<Record>? { try await next(isolation: #isolation) }
    }
}

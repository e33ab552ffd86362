import KVDS

/// A subscription to a model store's changes.
///
/// `@unchecked Sendable` is correct because only one iteration uses a subscription.
final class ModelSubscription: ChangeSource, @unchecked Sendable {
    private let feed: ModelFeed
    private let range: KeyRange
    private let options: ChangeOptions
    private let number: Int
    private var news: AsyncStream<Void>.Iterator
    private var position: Revision
    private var gap: ChangeEvent?

    init(_ feed: ModelFeed, _ range: KeyRange, since: Revision?, _ options: ChangeOptions) {
        self.feed = feed
        self.range = range
        self.options = options
        let (revision, isOver, news, number) = feed.join()
        self.number = number
        self.news = news.makeAsyncIterator()
        if let since, since > revision { gap = .gap(from: since, to: revision) }
        // A subscriber to a closed store receives no events, only the error.
        position = isOver ? revision : min(since ?? revision, revision)
    }

    deinit { end() }

    func end() { feed.leave(number) }

    func nextEvents() async throws(StoreError) -> [ChangeEvent] {
        if let gap {
            self.gap = nil
            return [gap]
        }
        while true {
            if Task.isCancelled { throw cancelled }
            guard let changes = try feed.commit(after: position) else {
                // The stream ends only when a task that waits for it is cancelled.
                if await news.next(isolation: nil) == nil { throw cancelled }
                continue
            }
            position = Revision(rawValue: position.rawValue + 1)
            var relevant = changes.filter { range.contains($0.key) }
            if relevant.isEmpty, range != .all { continue }
            if !options.previousValues { for index in relevant.indices { relevant[index].previous = nil } }
            return [.commit(position, relevant)]
        }
    }

    private var cancelled: StoreError { StoreError(.cancelled, "The subscriber's task was cancelled.") }
}

/// A subscriber, as the feed knows it.
struct ChangeSubscriber {
    /// Where it is in the store's history.
    enum Place: Equatable {
        /// Where the store is when the next commit begins, or after `since` if the store has been there.
        case beginning(since: Revision?)
        /// It asked for what came after a revision that the store had not reached when it began.
        case ahead(since: Revision, store: Revision)
        /// It has been told of everything up to this commit, or need not be.
        case at(Revision)
        /// The same for the last commit that the feed knows, whichever that is: whoever waits is woken for what concerns it.
        case atEnd
    }

    /// One who waits. An object, because a writer looks at each and keeps none.
    final class Waiting: Sendable {
        let id: ChangeFeed.SubscriberID
        let range: KeyRange
        let takesAll: Bool
        let isBeginning: Bool
        let waker: ChangeFeed.Waker

        init(_ id: ChangeFeed.SubscriberID, _ subscriber: ChangeSubscriber, _ waker: ChangeFeed.Waker) {
            self.id = id
            self.waker = waker
            range = subscriber.range
            takesAll = subscriber.range == .all
            isBeginning = if case .beginning = subscriber.place { true } else { false }
        }
    }

    let range: KeyRange
    let needsPrevious: Bool
    var place: Place

    /// Notes that the store was at `revision` when it began.
    mutating func begin(at revision: Revision) {
        guard case .beginning(let since) = place else { return }
        if let since, since > revision {
            place = .ahead(since: since, store: revision)
        } else {
            place = .at(since ?? revision)
        }
    }

    /// Notes that there is something behind `last`, if it was told of everything up to there.
    mutating func goOn(after last: Revision) {
        if place == .atEnd { place = .at(last) }
    }
}

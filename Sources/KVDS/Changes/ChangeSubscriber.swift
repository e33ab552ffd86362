/// The state of a subscriber in the change feed.
struct ChangeSubscriber {
    /// The position of a subscriber among the commits of the store.
    enum Place: Equatable {
        /// The position is not known yet: it is the store's revision when the next commit begins, or `since` if the
        /// store has reached it.
        case beginning(since: Revision?)
        /// It asked for commits after `since`, but the store had only reached `store` when the subscription began.
        case ahead(since: Revision, store: Revision)
        /// It has received every commit up to this one that concerns it.
        case at(Revision)
        /// It has received every commit that concerns it, and waits. It is woken for later ones that concern it.
        case atEnd
    }

    /// A waiting subscriber. It is a class so that writers inspect it without a copy.
    final class Waiting: Sendable {
        let id: SubscriberID
        let range: KeyRange
        let takesAll: Bool
        let isBeginning: Bool
        let waker: ChangeFeed.Waker

        init(_ id: SubscriberID, _ subscriber: ChangeSubscriber, _ waker: ChangeFeed.Waker) {
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

    /// Notes that the store was at `revision` when the subscription began.
    mutating func begin(at revision: Revision) {
        guard case .beginning(let since) = place else { return }
        if let since, since > revision {
            place = .ahead(since: since, store: revision)
        } else {
            place = .at(since ?? revision)
        }
    }

    /// Notes that there are commits after `last`, if the subscriber has received everything up to `last`.
    mutating func resume(after last: Revision) {
        if place == .atEnd { place = .at(last) }
    }
}

/// Identifies a subscriber of a change feed. A newer subscriber has a greater id.
struct SubscriberID: RawRepresentable, Hashable, Comparable, Sendable {
    let rawValue: UInt64

    /// Less than the id of every subscriber.
    static var zero: SubscriberID { SubscriberID(rawValue: 0) }

    static func < (left: SubscriberID, right: SubscriberID) -> Bool { left.rawValue < right.rawValue }
    /// The id of the next subscriber.
    var next: SubscriberID { SubscriberID(rawValue: rawValue + 1) }
}

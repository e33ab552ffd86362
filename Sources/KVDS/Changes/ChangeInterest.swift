/// What a commit has to record, as it is when the commit begins, and for whom.
///
/// A commit that is called for after a subscription began finds that subscriber in its demand: whoever calls for it has
/// seen the subscription begin, and hands that on with the commit through the queue's lock.
struct ChangeInterest: RawRepresentable {
    /// How much is recorded; each includes those before it.
    enum Amount: UInt64 {
        case nothing, values, previousValues
    }

    /// One word, so that the two are seen together.
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }
    init(_ amount: Amount, newest: ChangeFeed.SubscriberID) { rawValue = newest << 2 | amount.rawValue }

    var amount: Amount { Amount(rawValue: rawValue & 3) ?? .previousValues }
    /// The newest subscriber that was there.
    var newest: ChangeFeed.SubscriberID { rawValue >> 2 }
}

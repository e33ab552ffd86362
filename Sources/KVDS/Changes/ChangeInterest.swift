/// What a commit must record, and for which subscribers. It is determined when the commit begins.
///
/// The interest of a commit includes every subscriber whose subscription began before the commit was requested: the
/// requesting task has seen the subscription begin, and the lock of the commit queue passes this knowledge on.
struct ChangeInterest: RawRepresentable {
    /// How much is recorded. Each amount includes those before it.
    enum Amount: UInt64 {
        case nothing, values, previousValues
    }

    /// Both values in one word, so that they are loaded together.
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }
    init(_ amount: Amount, newest: SubscriberID) { rawValue = newest.rawValue << 2 | amount.rawValue }

    var amount: Amount { Amount(rawValue: rawValue & 3) ?? .previousValues }
    /// The newest subscriber at that time.
    var newest: SubscriberID { SubscriberID(rawValue: rawValue >> 2) }
}

/// Where the events of one subscription come from: what a store of your own makes to take part in ``Changes``.
///
/// It is used by one iteration, and subscribes when it is made. Going out of scope must free what it holds.
public protocol ChangeSource: AnyObject, Sendable {
    /// The next events, never none. Once it has thrown it holds nothing any more.
    func nextEvents() async throws(StoreError) -> [ChangeEvent]

    /// Frees what the subscription holds, at once.
    func end()
}

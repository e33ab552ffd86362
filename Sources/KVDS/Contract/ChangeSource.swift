/// The source of the events of one subscription. Implement it for the change feed of your own store: see ``Changes``.
///
/// One iteration uses the source. The source must subscribe when it is created, and free its resources when it is
/// released.
public protocol ChangeSource: AnyObject, Sendable {
    /// Waits for the next events. Returns at least one.
    ///
    /// After it has thrown an error other than `.busy`, the source holds no resources.
    func nextEvents() async throws(StoreError) -> [ChangeEvent]

    /// Ends the subscription and frees its resources immediately. May be called more than once.
    func end()
}

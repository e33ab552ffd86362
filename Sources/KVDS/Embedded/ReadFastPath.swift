/// Reading without `await`, where the answer is at hand: what a ``StoreHandle`` asks first.
///
/// An async call through an existential costs a frame and a look at the executor on the way back, more than a value that
/// is in memory costs by itself.
@usableFromInline
protocol ReadFastPath: AnyObject, Sendable {
    /// The value of `key`.
    ///
    /// - Throws: what ``getBlocking(_:after:)`` then takes.
    func tryGet(_ key: Bytes) throws(StoreError) -> Bytes?

    /// Calls `body` with the value of `key`; after that it does not throw.
    ///
    /// - Returns: whether `key` has a value.
    /// - Throws: what ``getBlocking(_:after:)`` then takes.
    func tryRead(_ key: Bytes, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool

    /// The value of `key`, where it could not be had at once.
    ///
    /// - Parameter error: why not.
    /// - Throws: `error` itself when nothing can be done about it.
    func getBlocking(_ key: Bytes, after error: StoreError) async throws(StoreError) -> Bytes?
}

/// The synchronous fast path for reads. A ``StoreHandle`` tries it first and falls back to the async call.
///
/// An async call through an existential allocates a frame and checks the executor on return. This costs more than
/// reading a value that is in memory.
@usableFromInline
protocol ReadFastPath: AnyObject, Sendable {
    /// The value of `key`.
    ///
    /// - Throws: an error to pass to ``getBlocking(_:after:)``.
    func tryGet(_ key: Bytes) throws(EngineError) -> Bytes?

    /// Calls `body` with the value of `key`, and does not throw after that.
    ///
    /// - Returns: whether `key` has a value.
    /// - Throws: an error to pass to ``getBlocking(_:after:)``.
    func tryRead(_ key: Bytes, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool

    /// The value of `key`, after the fast path threw `error`. The call may wait.
    ///
    /// - Throws: the error in `.failed`, of the fast path or of this read.
    func getBlocking(_ key: Bytes, after error: EngineError) async throws(StoreError) -> Bytes?
}

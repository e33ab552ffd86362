/// A snapshot or scan that holds an engine snapshot and can be made to release it.
protocol Revocable: AnyObject, Sendable {
    /// Releases the engine snapshot when the reads that use it have ended. Later use throws an error.
    func revoke(_ reason: RevocationReason)
}

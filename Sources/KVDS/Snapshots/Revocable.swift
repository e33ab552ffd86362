/// Something that holds a view of a store's engine and can be told to let go of it.
protocol Revocable: AnyObject, Sendable {
    /// Lets go of the engine's view, after the reads of it that are under way; later use is answered with an error.
    func revoke(_ reason: RevocationReason)
}

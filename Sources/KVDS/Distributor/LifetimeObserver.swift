import Synchronization

/// Whoever wants to know when something tagged has gone.
public protocol LifetimeObserver: AnyObject, Sendable {
    /// Called once, when the tag with this number is released: synchronously, on whatever thread released it.
    ///
    /// Do little here, and wait for nothing; start a task for the rest.
    func lifetimeEnded(_ number: UInt64)
}

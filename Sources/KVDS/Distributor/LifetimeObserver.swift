import Synchronization

/// Receives a notification when a ``LifetimeTag`` is released.
public protocol LifetimeObserver: AnyObject, Sendable {
    /// Called once, when the tag with this number is released: synchronously, on the thread that released it.
    ///
    /// Return quickly and do not wait. Start a task for longer work.
    func lifetimeEnded(_ number: UInt64)
}

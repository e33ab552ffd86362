import Synchronization

/// Notifies an observer when it is released. Store a tag in a shared object to be notified when the last reference to
/// the object is released.
///
/// ```swift
/// final class Session { let tag: LifetimeTag; init(_ pool: Pool) { tag = LifetimeTag(observer: pool) } }
/// ```
///
/// The tag retains its observer, so the observer lives at least as long as its tags.
public final class LifetimeTag: Sendable {
    /// A number that is unique in the process.
    public let number: UInt64
    private let observer: any LifetimeObserver

    private static let last = Atomic<UInt64>(0)

    public init(observer: any LifetimeObserver) {
        self.number = LifetimeTag.last.add(1, ordering: .relaxed).newValue
        self.observer = observer
    }

    deinit { observer.lifetimeEnded(number) }
}

import Synchronization

/// Tells an observer when it is released. Put one into a shared object to learn when its last reference has gone.
///
/// ```swift
/// final class Session { let tag: LifetimeTag; init(_ pool: Pool) { tag = LifetimeTag(observer: pool) } }
/// ```
///
/// The tag holds its observer, so that the observer outlives everything it watches.
public final class LifetimeTag: Sendable {
    /// Differs for every tag of a process.
    public let number: UInt64
    private let observer: any LifetimeObserver

    private static let last = Atomic<UInt64>(0)

    public init(observer: any LifetimeObserver) {
        self.number = LifetimeTag.last.add(1, ordering: .relaxed).newValue
        self.observer = observer
    }

    deinit { observer.lifetimeEnded(number) }
}

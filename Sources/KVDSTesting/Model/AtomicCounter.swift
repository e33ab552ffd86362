import Synchronization

/// Counts what many tasks do.
final class AtomicCounter: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .acquiring) }

    /// Counts one more.
    ///
    /// - Returns: how many there are now.
    @discardableResult func add() -> Int { number.add(1, ordering: .acquiringAndReleasing).newValue }
}

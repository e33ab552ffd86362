import Synchronization

/// A counter that many tasks can use.
package final class AtomicCounter: Sendable {
    private let number = Atomic(0)

    package init() {}

    package var value: Int { number.load(ordering: .acquiring) }

    /// Adds 1.
    ///
    /// - Returns: the new value.
    @discardableResult package func add() -> Int { number.add(1, ordering: .acquiringAndReleasing).newValue }
}

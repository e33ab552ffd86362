import Synchronization

/// Something that many tasks look at and one raises.
public final class Flag: Sendable {
    private let raised = Atomic<Bool>(false)

    public init() {}

    public var isRaised: Bool { raised.load(ordering: .acquiring) }
    public func raise() { raised.store(true, ordering: .releasing) }
}

/// Counts what many tasks do.
public final class AtomicCounter: Sendable {
    private let number = Atomic<Int>(0)

    public init() {}

    public var value: Int { number.load(ordering: .acquiring) }
    /// Counts one more.
    ///
    /// - Returns: how many there are now.
    @discardableResult public func add() -> Int { number.add(1, ordering: .acquiringAndReleasing).newValue }
}

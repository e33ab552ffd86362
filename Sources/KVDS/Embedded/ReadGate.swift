import Synchronization

/// Counts the reads under way, so that an engine can be remapped or closed when there are none.
///
/// A read enters and leaves with one atomic each, on a counter of its own thread's stripe: reads of different threads do
/// not touch the same cache line. Whoever shuts the gate first raises the flag, then waits for every stripe to reach
/// zero; a read first counts itself, then looks at the flag. Both orders are sequentially consistent, so one of the two
/// always sees the other (Dekker's algorithm).
///
/// `@unchecked Sendable` is right because `stripes` is a constant and what it points to is atomic; `@safe` because it is
/// allocated and freed here and goes nowhere else.
@safe
package final class ReadGate: @unchecked Sendable {
    private enum Phase {
        static let open: UInt8 = 0
        static let paused: UInt8 = 1
        static let closed: UInt8 = 2
    }

    /// Two cache lines each, so that neighbours are not prefetched together.
    private struct Stripe: ~Copyable {
        let readers = Atomic<Int>(0)
        let padding = InlineArray<15, UInt64>(repeating: 0)
    }

    private let stripes: UnsafeMutablePointer<Stripe>
    private let phase = Atomic<UInt8>(Phase.open)
    // A number that nobody looks at: a value of no size shares its address with another field, which the thread
    // sanitizer takes for a race.
    private let waiters = Monitor(0)

    package init() {
        unsafe stripes = .allocate(capacity: ThreadStripe.count)
        for index in 0..<ThreadStripe.count { unsafe (stripes + index).initialize(to: Stripe()) }
    }

    deinit {
        unsafe stripes.deinitialize(count: ThreadStripe.count)
        unsafe stripes.deallocate()
    }

    /// Whether the gate has not been closed.
    var isOpen: Bool { phase.load(ordering: .acquiring) != Phase.closed }

    /// Counts a read in; while the gate is paused, waits the microseconds that takes.
    ///
    /// - Returns: what to hand to ``leave(_:)``, or nil when the gate is closed.
    func enter() -> Int? {
        let stripe = ThreadStripe.current
        while true {
            unsafe stripes[stripe].readers.add(1, ordering: .sequentiallyConsistent)
            switch phase.load(ordering: .sequentiallyConsistent) {
            case Phase.open: return stripe
            case Phase.closed:
                leave(stripe)
                return nil
            default:
                leave(stripe)
                waiters.wait { _ in phase.load(ordering: .acquiring) == Phase.paused ? nil : () }
            }
        }
    }

    /// Counts a read out.
    func leave(_ stripe: Int) {
        unsafe stripes[stripe].readers.subtract(1, ordering: .sequentiallyConsistent)
        if phase.load(ordering: .sequentiallyConsistent) != Phase.open {
            waiters.withLock { _ in }
            waiters.wakeAll()
        }
    }

    /// Calls `body` while no read is under way, then lets reads go on. Called by the store's thread only.
    ///
    /// - Returns: false when a read did not end within `milliseconds`, and `body` was not called.
    /// - Throws: what `body` throws, and `.closed` when the gate is closed.
    func withoutReaders(milliseconds: Int, _ body: () throws(StoreError) -> Void) throws(StoreError) -> Bool {
        let (paused, _) = phase.compareExchange(
            expected: Phase.open, desired: Phase.paused, ordering: .sequentiallyConsistent)
        guard paused else { throw StoreError(.closed, "The store is closed.") }
        defer {
            waiters.withLock { _ in phase.store(Phase.open, ordering: .sequentiallyConsistent) }
            waiters.wakeAll()
        }
        guard waiters.wait(.milliseconds(milliseconds), { _ in isEmpty ? () : nil }) != nil else { return false }
        try body()
        return true
    }

    /// Waits, with the gate open, for a moment without reads, or until `milliseconds` are over.
    func waitWhileBusy(milliseconds: Int) {
        _ = waiters.wait(.milliseconds(milliseconds)) { _ in isEmpty ? () : nil }
    }

    /// Lets no more reads in, and waits for those under way. Called by the store's thread only.
    func close() {
        phase.store(Phase.closed, ordering: .sequentiallyConsistent)
        waiters.wait { _ in isEmpty ? () : nil }
    }

    private var isEmpty: Bool {
        (0..<ThreadStripe.count).allSatisfy { unsafe stripes[$0].readers.load(ordering: .sequentiallyConsistent) == 0 }
    }
}

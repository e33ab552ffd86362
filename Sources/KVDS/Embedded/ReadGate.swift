import Synchronization

/// Counts the running reads, so that an engine can be remapped or closed when there are none.
///
/// The beginning and the end of a read each change one atomic counter, that of the thread's stripe, so that reads on
/// different stripes share no cache line. To shut the gate, a thread sets `phase`. Then it waits for every counter to
/// reach zero. A read increments its counter and then loads `phase`. Both orders are sequentially consistent, so at
/// least one of the two sees the other (Dekker's algorithm).
///
/// `@unchecked Sendable` is right because `stripes` is constant and points to atomics; `@safe` because `stripes` is
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
    // The number is not used. A value of size zero would share its address with another field, which the thread
    // sanitizer reports as a race.
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

    /// Calls `body` as a read. Blocks while the gate is paused, which usually takes microseconds.
    ///
    /// - Throws: `closedError` when the gate is closed; the errors of `body`.
    @inline(__always)
    func withRead<R, E: Error>(
        orThrow closedError: @autoclosure () -> E, _ body: () throws(E) -> R
    ) throws(E) -> R {
        guard let stripe = enter() else { throw closedError() }
        defer { leave(stripe) }
        return try body()
    }

    /// Begins a read, as ``withRead(orThrow:_:)`` does. Only for the fast paths: there a closure costs more than the
    /// read of a value in memory.
    ///
    /// - Returns: the stripe to pass to ``leave(_:)``; nil when the gate is closed.
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

    /// Ends a read.
    func leave(_ stripe: Int) {
        unsafe stripes[stripe].readers.subtract(1, ordering: .sequentiallyConsistent)
        if phase.load(ordering: .sequentiallyConsistent) != Phase.open {
            waiters.withLock { _ in }
            waiters.wakeAll()
        }
    }

    /// Calls `body` while no read is running, then opens the gate again. Called by the store's thread only.
    ///
    /// - Returns: false when a read did not end within `milliseconds`, and `body` was not called.
    /// - Throws: the errors of `body`; `.closed` when the gate is closed.
    func withoutReaders(milliseconds: Int, _ body: () throws(StoreError) -> Void) throws(StoreError) -> Bool {
        let (paused, _) = phase.compareExchange(
            expected: Phase.open, desired: Phase.paused, ordering: .sequentiallyConsistent)
        guard paused else { throw StoreError(.closed, "The store is closed.") }
        defer {
            waiters.withLock { _ in
                // Unless the gate was closed in the meantime.
                _ = phase.compareExchange(
                    expected: Phase.paused, desired: Phase.open, ordering: .sequentiallyConsistent)
            }
            waiters.wakeAll()
        }
        guard waiters.wait(.milliseconds(milliseconds), { _ in isEmpty ? () : nil }) != nil else { return false }
        try body()
        return true
    }

    /// Waits with the gate open until no read is running, for `milliseconds` at most.
    func waitWhileBusy(milliseconds: Int) {
        _ = waiters.wait(.milliseconds(milliseconds)) { _ in isEmpty ? () : nil }
    }

    /// Refuses new reads and waits for the running ones to end. Called by the store's thread only.
    func close() {
        phase.store(Phase.closed, ordering: .sequentiallyConsistent)
        waiters.wait { _ in isEmpty ? () : nil }
    }

    private var isEmpty: Bool {
        (0..<ThreadStripe.count).allSatisfy { unsafe stripes[$0].readers.load(ordering: .sequentiallyConsistent) == 0 }
    }
}

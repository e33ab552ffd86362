import Synchronization

/// Tells when every read that was under way at some moment has ended, without holding up any.
///
/// A read counts itself in and out, with one atomic operation each, on a counter of its thread's stripe: reads of
/// different threads do not touch the same cache line. Each stripe has two counters, and all new reads use the same side,
/// until the writer finds the other side at zero and turns: now the used side empties, however many reads begin.
///
/// A read that begins after something was unlinked does not find it. One that began before is counted on one of the sides;
/// so when both have been seen at zero, which takes two turns, none is left. That a read counts itself before it looks,
/// and that the writer looks at the counters after it has unlinked, is sequentially consistent: one of the two always
/// sees the other.
///
/// `@unchecked Sendable` is right because `counters` is a constant and what it points to is atomic; `@safe` because it is
/// allocated and freed here and goes nowhere else.
@safe
final class ReadEpochs: @unchecked Sendable {
    /// Two cache lines, so that neighbours are not prefetched together: two counters, and nothing in the rest.
    private static var stripeLength: Int { 16 }

    private let counters: UnsafeMutablePointer<Atomic<Int>>
    /// How often the side was changed.
    private let turns = Atomic<Int>(0)

    init() {
        let count = ThreadStripe.count * Self.stripeLength
        unsafe counters = .allocate(capacity: count)
        for index in 0..<count { unsafe (counters + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe counters.deinitialize(count: ThreadStripe.count * Self.stripeLength)
        unsafe counters.deallocate()
    }

    /// Calls `body`, short, as a read.
    func read<R>(_ body: () -> R) -> R {
        // Which side is a matter of progress; an old answer does no harm.
        let side = turns.load(ordering: .relaxed) & 1
        let counter = unsafe counters + (ThreadStripe.current * Self.stripeLength + side)
        unsafe counter.pointee.add(1, ordering: .sequentiallyConsistent)
        defer { unsafe counter.pointee.subtract(1, ordering: .releasing) }
        return body()
    }

    /// Turns to the other side, if no read is left there. Called by one thread at a time.
    ///
    /// - Returns: whether it did.
    func advance() -> Bool {
        let turns = turns.load(ordering: .relaxed)
        for stripe in 0..<ThreadStripe.count {
            let counter = unsafe counters + (stripe * Self.stripeLength + (turns + 1) & 1)
            if unsafe counter.pointee.load(ordering: .sequentiallyConsistent) > 0 { return false }
        }
        self.turns.store(turns + 1, ordering: .sequentiallyConsistent)
        return true
    }
}

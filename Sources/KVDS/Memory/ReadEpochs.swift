import Synchronization

/// Detects when all reads that were in progress at a point in time have ended, without delaying any read. The scheme is
/// that of sleepable read-copy-update (SRCU), which has two counters.
///
/// A read increments a counter when it begins and decrements it when it ends. It uses the counters of its thread's
/// stripe, so that reads of different threads do not touch the same cache line. Each stripe has two counters, one for
/// each side, and all new reads use the same side. When the writer finds that the other side is at zero, it switches
/// sides. The side that was in use then empties, however many reads begin.
///
/// A read that begins after a node was unlinked does not find it. A read that began earlier is counted on one of the
/// two sides. So after two switches, which find each side at zero once, no such read is left. A read's increment and
/// its search are sequentially consistent, and so are the writer's unlinking and its loads of the counters: either the
/// writer sees the read, or the read sees the unlinking.
///
/// `@unchecked Sendable` is right because `counters` is a constant that points to atomics. It is `@safe` because the
/// memory is allocated and freed here and does not leave this type.
@safe
final class ReadEpochs: @unchecked Sendable {
    /// The number of counters from one stripe to the next: two cache lines, so that neighbouring stripes are not
    /// prefetched together. A stripe uses the first two counters only.
    private static var stripeLength: Int { 16 }

    private let counters: UnsafeMutablePointer<Atomic<Int>>
    /// How many times the side was switched.
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

    /// Runs `body` as a read. It must be short.
    func read<R>(_ body: () -> R) -> R {
        // Both sides are correct; a stale value only delays the writer.
        let side = turns.load(ordering: .relaxed) & 1
        let counter = unsafe counters + (ThreadStripe.current * Self.stripeLength + side)
        unsafe counter.pointee.add(1, ordering: .sequentiallyConsistent)
        defer { unsafe counter.pointee.subtract(1, ordering: .releasing) }
        return body()
    }

    /// Switches sides, if no read is left on the other side. Called by one thread at a time.
    ///
    /// - Returns: whether it switched sides.
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

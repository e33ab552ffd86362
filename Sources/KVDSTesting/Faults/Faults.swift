public import KVDS

/// Which calls of a ``FaultInjectingEngine`` fail, how many there were, and whether commits are held.
///
/// ```swift
/// let faults = Faults()
/// let store = try await EmbeddedStore.open("test:") { FaultInjectingEngine(MemoryEngine(), faults: faults) }
/// faults.fail(.commit, onCall: 2, with: StoreError(.diskFull, "No room."))
/// ```
public final class Faults: Sendable {
    /// Where an engine can be made to fail.
    public enum Point: Hashable, Sendable {
        /// A read of the newest value.
        case get
        /// Making a snapshot.
        case snapshot
        /// Filling a page of a scan.
        case fill
        /// Beginning a transaction.
        case begin
        /// A read inside a transaction, for a condition.
        case read
        case set
        case delete
        case deleteRange
        /// A commit, before it was made: nothing changed.
        case commit
        /// A commit, after it was made: to its caller the outcome is unknown.
        case committed
        case close
    }

    private struct Fault {
        let point: Point
        let calls: ClosedRange<Int>
        let key: Bytes?
        let error: StoreError
    }

    private struct State {
        var faults: [Fault] = []
        var counts: [Point: Int] = [:]
        var holdsCommits = false
        var heldCommits = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Monitor(State())

    public init() {}

    /// Makes calls fail.
    ///
    /// - Parameters:
    ///   - point: where.
    ///   - call: the first call that fails, counted from now on, the next one being 1.
    ///   - times: how many calls fail; nil for every one until ``clear()``.
    ///   - key: with a key, only calls about it fail.
    ///   - error: what they throw; `.outcomeUnknown` is what fits ``Point/committed``.
    public func fail(_ point: Point, onCall call: Int = 1, times: Int? = 1, key: Bytes? = nil, with error: StoreError) {
        state.withLock { state in
            let first = state.counts[point, default: 0] + call
            let last = times.map { first + max($0, 1) - 1 } ?? .max
            state.faults.append(Fault(point: point, calls: first...max(first, last), key: key, error: error))
        }
    }

    /// Lets every call succeed again.
    public func clear() { state.withLock { $0.faults = [] } }

    /// How many calls there were at `point`.
    public func count(_ point: Point) -> Int { state.withLock { $0.counts[point, default: 0] } }

    /// Makes every commit wait, on the store's own thread, until ``releaseCommits()``.
    public func holdCommits() { state.withLock { $0.holdsCommits = true } }

    /// Lets the commits that are held, and later ones, go on.
    public func releaseCommits() {
        state.withLock { $0.holdsCommits = false }
        state.wakeAll()
    }

    /// Waits until a commit is held. What is committed meanwhile waits to become the next group.
    public func commitIsHeld() async {
        await withCheckedContinuation { waiter in
            let isHeld = state.withLock { state in
                if state.heldCommits == 0 { state.waiters.append(waiter) }
                return state.heldCommits > 0
            }
            if isHeld { waiter.resume() }
        }
    }

    /// Counts a call and fails it if that was asked for.
    func pass(_ point: Point, key: Bytes? = nil) throws(StoreError) {
        let error = state.withLock { state -> StoreError? in
            let call = state.counts[point, default: 0] + 1
            state.counts[point] = call
            let fault = state.faults.first {
                $0.point == point && $0.calls.contains(call) && ($0.key == nil || $0.key == key)
            }
            return fault?.error
        }
        if let error { throw error }
    }

    /// Waits while commits are held.
    func waitForRelease() {
        let waiters = state.withLock { state in
            state.heldCommits += 1
            defer { state.waiters = [] }
            return state.holdsCommits ? state.waiters : []
        }
        for waiter in waiters { waiter.resume() }
        state.wait { state -> Void? in
            if state.holdsCommits { return nil }
            state.heldCommits -= 1
            return ()
        }
    }
}

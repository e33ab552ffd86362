public import KVDS

/// Controls a ``FaultInjectingEngine``: which calls fail and whether commits or pages are held. It also counts the
/// calls.
///
/// ```swift
/// let faults = Faults()
/// let store = try await EmbeddedStore.open("test:") { FaultInjectingEngine(MemoryEngine(), faults: faults) }
/// faults.fail(.commit, onCall: 2, with: StoreError(.diskFull, "No room."))
/// ```
public final class Faults: Sendable {
    /// The calls of an engine that can fail.
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
        /// A commit, before it is made: nothing changes.
        case commit
        /// A commit, after it was made: its caller does not know the outcome.
        case committed
        case close
    }

    private struct Fault {
        let point: Point
        let calls: ClosedRange<Int>
        let key: Bytes?
        let error: EngineError
    }

    private struct State {
        var faults: [Fault] = []
        var counts: [Point: Int] = [:]
        var commits = Hold()
        var pages = Hold()
        var swapsEntries = false
    }

    /// Calls of one kind that wait until they are released.
    struct Hold {
        fileprivate var isOn = false
        fileprivate var heldCount = 0
        fileprivate var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// Selects the commits or the pages.
    private typealias HoldPath = any WritableKeyPath<State, Hold> & Sendable

    private let state = Monitor(State())

    public init() {}

    /// Makes calls fail.
    ///
    /// - Parameters:
    ///   - point: the kind of call.
    ///   - call: the first call that fails, counted from now; the next call is 1.
    ///   - times: the number of calls that fail; nil for all of them until ``clear()``.
    ///   - key: if not nil, only calls for this key fail.
    ///   - error: the error to throw. Use `.outcomeUnknown` with ``Point/committed``.
    public func fail(_ point: Point, onCall call: Int = 1, times: Int? = 1, key: Bytes? = nil, with error: StoreError) {
        fail(point, onCall: call, times: times, key: key, with: .failed(error))
    }

    /// Makes calls fail, or send a signal to the store.
    ///
    /// - Parameters:
    ///   - point: the kind of call.
    ///   - call: the first call that fails, counted from now; the next call is 1.
    ///   - times: the number of calls that fail; nil for all of them until ``clear()``.
    ///   - key: if not nil, only calls for this key fail.
    ///   - error: the error to throw: a signal, or `.failed` with an error for the caller of the store.
    public func fail(
        _ point: Point, onCall call: Int = 1, times: Int? = 1, key: Bytes? = nil, with error: EngineError
    ) {
        state.withLock { state in
            let first = state.counts[point, default: 0] + call
            let last = times.map { first + max($0, 1) - 1 } ?? .max
            state.faults.append(Fault(point: point, calls: first...max(first, last), key: key, error: error))
        }
    }

    /// Lets every call succeed again.
    public func clear() { state.withLock { $0.faults = [] } }

    /// Returns the number of calls made at `point`.
    public func count(_ point: Point) -> Int { state.withLock { $0.counts[point, default: 0] } }

    /// Makes every commit wait, on the store's own thread, until ``releaseCommits()``.
    public func holdCommits() { hold(\.commits) }

    /// Releases the held commits. Later commits do not wait.
    public func releaseCommits() { release(\.commits) }

    /// Waits until a commit is held or a task that waits here is cancelled. Batches that are committed in the meantime
    /// wait to become the next commit group.
    public func commitIsHeld() async { await isHeld(\.commits) }

    /// Makes every page of a scan or a snapshot wait, on a thread that may block, until ``releasePages()``.
    public func holdPages() { hold(\.pages) }

    /// Releases the held pages. Later pages do not wait.
    public func releasePages() { release(\.pages) }

    /// Waits until a page is held or a task that waits here is cancelled.
    public func pageIsHeld() async { await isHeld(\.pages) }

    /// Swaps the first two entries of every page from now on, like a damaged store.
    public func swapEntries() { state.withLock { $0.swapsEntries = true } }

    var swapsEntries: Bool { state.withLock { $0.swapsEntries } }
    var holdsPages: Bool { state.withLock { $0.pages.isOn } }

    private func hold(_ hold: HoldPath) { state.withLock { $0[keyPath: hold].isOn = true } }

    private func release(_ hold: HoldPath) {
        state.withLock { $0[keyPath: hold].isOn = false }
        state.wakeAll()
    }

    private func takeWaiters(_ hold: HoldPath) -> [CheckedContinuation<Void, Never>] {
        state.withLock { state in
            defer { state[keyPath: hold].waiters = [] }
            return state[keyPath: hold].waiters
        }
    }

    private func isHeld(_ hold: HoldPath) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                // If the task is cancelled after this point, the cancellation handler finds the waiter.
                let waits = state.withLock { state in
                    let waits = state[keyPath: hold].heldCount == 0 && !Task.isCancelled
                    if waits { state[keyPath: hold].waiters.append(waiter) }
                    return waits
                }
                if !waits { waiter.resume() }
            }
        } onCancel: {
            for waiter in takeWaiters(hold) { waiter.resume() }
        }
    }

    /// Counts a call, and throws its error if the call must fail.
    func pass(_ point: Point, key: Bytes? = nil) throws(EngineError) {
        if let error = error(at: point, key: key) { throw error }
    }

    /// Counts a call.
    ///
    /// - Returns: its error if the call must fail.
    func error(at point: Point, key: Bytes? = nil) -> EngineError? {
        state.withLock { state in
            let call = state.counts[point, default: 0] + 1
            state.counts[point] = call
            let fault = state.faults.first {
                $0.point == point && $0.calls.contains(call) && ($0.key == nil || $0.key == key)
            }
            return fault?.error
        }
    }

    /// Waits while commits are held.
    func waitForCommits() { wait(\.commits) }

    /// Waits while pages are held.
    func waitForPages() { wait(\.pages) }

    private func wait(_ hold: HoldPath) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state[keyPath: hold].heldCount += 1
            guard state[keyPath: hold].isOn else { return [] }
            defer { state[keyPath: hold].waiters = [] }
            return state[keyPath: hold].waiters
        }
        for waiter in waiters { waiter.resume() }
        state.wait { state -> Void? in
            if state[keyPath: hold].isOn { return nil }
            state[keyPath: hold].heldCount -= 1
            return ()
        }
    }
}

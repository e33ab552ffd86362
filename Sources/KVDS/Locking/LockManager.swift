/// Hands out locks: the shell around ``LockTable``, in which callers wait for as long as they may.
///
/// The table is behind one lock, held for the time of a step. Callers are resumed after it.
final class LockManager: Sendable {
    /// How a wait ended.
    enum Outcome {
        case granted, deadlock, hasEnded, timeout, cancelled
    }

    fileprivate typealias Caller = CheckedContinuation<Outcome, Never>

    /// A request that waits is known to the table before its caller has begun to.
    fileprivate enum Wait {
        case arriving
        case waiting(Caller)
        case answered(Outcome)
    }

    fileprivate struct State {
        var table = LockTable()
        var waits: [LockRequestID: Wait] = [:]
    }

    private let state = Monitor(State())
    private let clock: any Clock<Duration>

    /// - Parameter clock: what waits are timed by.
    init(clock: any Clock<Duration>) { self.clock = clock }

    /// Lets `owner` ask for locks.
    func begin(_ owner: LockOwnerID) { state.withLock { $0.table.begin(owner) } }

    /// Gets a lock, now or when it is this owner's turn.
    ///
    /// - Parameter limit: how long to wait at most; nil for as long as it takes.
    func lock(
        _ mode: LockMode, _ range: KeyRange, for owner: LockOwnerID, atMost limit: Duration?
    ) async -> Outcome {
        let answer = perform { state, wakeups in
            let answer = state.table.request(mode, range, by: owner, &wakeups)
            if case .waits(let ticket) = answer { state.waits[ticket] = .arriving }
            return answer
        }
        return switch answer {
        case .granted: .granted
        case .deadlock: .deadlock
        case .hasEnded: .hasEnded
        case .waits(let ticket): await wait(for: ticket, atMost: limit)
        }
    }

    /// Gives an owner no more locks; what it holds it keeps.
    ///
    /// - Returns: false when it is over already.
    func beginRelease(_ owner: LockOwnerID) -> Bool {
        perform { state, wakeups in state.table.beginRelease(owner, &wakeups) }
    }

    /// Ends an owner, whose locks are free from now on.
    func release(_ owner: LockOwnerID) {
        perform { state, wakeups in state.table.release(owner, &wakeups) }
    }

    /// Whether `owner` may ask for locks.
    func isOpen(_ owner: LockOwnerID) -> Bool {
        state.withLock { $0.table.owners[owner]?.isReleasing == false }
    }

    /// How many ranges an owner has locked, and for how many it waits.
    func counts(_ owner: LockOwnerID) -> (held: Int, waiting: Int) {
        state.withLock { state in
            let owner = state.table.owners[owner]
            return (owner?.held.count ?? 0, owner?.waiting.count ?? 0)
        }
    }

    /// How many requests wait.
    var waitingCount: Int { state.withLock { $0.table.requests.count } }
    /// Whether nobody holds or awaits anything, or could ask for it.
    var isIdle: Bool { state.withLock { $0.table.isIdle && $0.waits.isEmpty } }

    private func wait(for ticket: LockRequestID, atMost limit: Duration?) async -> Outcome {
        let timer = limit.map { limit in
            Task {
                try? await clock.sleep(for: limit)
                if !Task.isCancelled { giveUp(ticket, .timeout) }
            }
        }
        defer { timer?.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { caller in
                let outcome = state.withLock { $0.arrive(ticket, caller) }
                if let outcome { caller.resume(returning: outcome) }
            }
        } onCancel: {
            giveUp(ticket, .cancelled)
        }
    }

    /// Takes back a request, unless it was answered meanwhile.
    private func giveUp(_ ticket: LockRequestID, _ outcome: Outcome) {
        let caller = perform { state, wakeups in
            state.table.cancel(ticket, &wakeups) ? state.answer(ticket, outcome) : nil
        }
        caller?.resume(returning: outcome)
    }

    /// Makes one step of the table, then resumes those who waited for it.
    @discardableResult
    private func perform<R: Sendable>(_ step: (inout State, inout [LockTable.Wakeup]) -> R) -> R {
        let (result, answers) = state.withLock { state in
            var wakeups: [LockTable.Wakeup] = []
            let result = step(&state, &wakeups)
            let answers = wakeups.compactMap { wakeup in
                let outcome = Outcome(wakeup.outcome)
                return state.answer(wakeup.ticket, outcome).map { (caller: $0, outcome: outcome) }
            }
            return (result, answers)
        }
        for answer in answers { answer.caller.resume(returning: answer.outcome) }
        return result
    }
}

extension LockManager.State {
    /// Notes who waits.
    ///
    /// - Returns: the outcome, when there is one already.
    fileprivate mutating func arrive(_ ticket: LockRequestID, _ caller: LockManager.Caller) -> LockManager.Outcome? {
        if case .answered(let outcome) = waits.removeValue(forKey: ticket) { return outcome }
        waits[ticket] = .waiting(caller)
        return nil
    }

    /// Ends a wait.
    ///
    /// - Returns: who is to be resumed.
    fileprivate mutating func answer(_ ticket: LockRequestID, _ outcome: LockManager.Outcome) -> LockManager.Caller? {
        switch waits.removeValue(forKey: ticket) {
        case .waiting(let caller): return caller
        case .arriving: waits[ticket] = .answered(outcome)
        case .answered(let first): waits[ticket] = .answered(first)
        case nil: break
        }
        return nil
    }
}

extension LockManager.Outcome {
    fileprivate init(_ outcome: LockTable.Wakeup.Outcome) {
        self =
            switch outcome {
            case .granted: .granted
            case .deadlock: .deadlock
            case .hasEnded: .hasEnded
            }
    }
}

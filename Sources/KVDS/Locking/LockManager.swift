/// Grants locks: the asynchronous shell around ``LockTable``, in which callers wait up to their time limit.
///
/// One lock protects the table, and is held for one step at a time. Callers are resumed after it is released.
final class LockManager: Sendable {
    /// How a wait ended.
    enum Outcome {
        case granted, deadlock, hasEnded, timeout, cancelled
    }

    fileprivate typealias Caller = CheckedContinuation<Outcome, Never>

    /// The state of a waiting request. The table knows the request before its caller suspends.
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

    /// - Parameter clock: the clock that measures time limits.
    init(clock: any Clock<Duration>) { self.clock = clock }

    /// Adds `owner`, which may request locks from now on.
    func begin(_ owner: LockOwnerID) { state.withLock { $0.table.begin(owner) } }

    /// Acquires a lock for `owner`, and waits for it if necessary.
    ///
    /// - Parameter limit: how long to wait at most; nil for no limit.
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

    /// Grants an owner no more locks. It keeps the locks that it holds.
    ///
    /// - Returns: false when the owner gets no more locks already.
    func beginRelease(_ owner: LockOwnerID) -> Bool {
        perform { state, wakeups in state.table.beginRelease(owner, &wakeups) }
    }

    /// Ends an owner and releases its locks.
    func release(_ owner: LockOwnerID) {
        perform { state, wakeups in state.table.release(owner, &wakeups) }
    }

    /// Whether `owner` may request locks.
    func isOpen(_ owner: LockOwnerID) -> Bool {
        state.withLock { $0.table.owners[owner]?.isReleasing == false }
    }

    /// How many ranges an owner has locked, and how many of its requests wait.
    func counts(_ owner: LockOwnerID) -> (held: Int, waiting: Int) {
        state.withLock { state in
            let owner = state.table.owners[owner]
            return (owner?.held.count ?? 0, owner?.waiting.count ?? 0)
        }
    }

    /// How many requests wait.
    var waitingCount: Int { state.withLock { $0.table.requests.count } }
    /// Whether there are no owners, locks or requests.
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

    /// Withdraws a request, unless it was answered in the meantime.
    private func giveUp(_ ticket: LockRequestID, _ outcome: Outcome) {
        let caller = perform { state, wakeups in
            state.table.cancel(ticket, &wakeups) ? state.answer(ticket, outcome) : nil
        }
        caller?.resume(returning: outcome)
    }

    /// Performs one step of the table, then resumes the callers whose requests it answered.
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
    /// Registers the caller that waits for a request.
    ///
    /// - Returns: the outcome, if the request was answered already.
    fileprivate mutating func arrive(_ ticket: LockRequestID, _ caller: LockManager.Caller) -> LockManager.Outcome? {
        if case .answered(let outcome) = waits.removeValue(forKey: ticket) { return outcome }
        waits[ticket] = .waiting(caller)
        return nil
    }

    /// Ends a wait.
    ///
    /// - Returns: the caller to resume.
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

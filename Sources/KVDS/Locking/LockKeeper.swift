/// Hands out locks: the shell around ``LockTable``, in which callers wait for as long as they may.
///
/// The table is behind one lock, held for the time of a step. Callers are resumed after it.
final class LockKeeper: Sendable {
    /// How a wait ended.
    enum Verdict {
        case granted, deadlock, isOver, timeout, cancelled
    }

    fileprivate typealias Caller = CheckedContinuation<Verdict, Never>

    /// A request that waits is known to the table before its caller has begun to.
    fileprivate enum Wait {
        case arriving
        case waiting(Caller)
        case answered(Verdict)
    }

    fileprivate struct State {
        var table = LockTable()
        var waits: [LockTicket: Wait] = [:]
    }

    private let state = Monitor(State())
    private let clock: any Clock<Duration>

    /// - Parameter clock: what waits are timed by.
    init(clock: any Clock<Duration>) { self.clock = clock }

    /// Lets `owner` ask for locks.
    func begin(_ owner: LockOwner) { state.withLock { $0.table.begin(owner) } }

    /// Gets a lock, now or when it is this owner's turn.
    ///
    /// - Parameter limit: how long to wait at most; nil for as long as it takes.
    func lock(
        _ mode: LockMode, _ range: KeyRange, for owner: LockOwner, atMost limit: Duration?
    ) async -> Verdict {
        let answer = perform { state, notices in
            let answer = state.table.request(mode, range, by: owner, &notices)
            if case .waits(let ticket) = answer { state.waits[ticket] = .arriving }
            return answer
        }
        return switch answer {
        case .granted: .granted
        case .deadlock: .deadlock
        case .isOver: .isOver
        case .waits(let ticket): await wait(for: ticket, atMost: limit)
        }
    }

    /// Gives an owner no more locks; what it holds it keeps.
    ///
    /// - Returns: false when it is over already.
    func seal(_ owner: LockOwner) -> Bool {
        perform { state, notices in state.table.seal(owner, &notices) }
    }

    /// Ends an owner, whose locks are free from now on.
    func release(_ owner: LockOwner) {
        perform { state, notices in state.table.release(owner, &notices) }
    }

    /// Whether `owner` may ask for locks.
    func isOpen(_ owner: LockOwner) -> Bool {
        state.withLock { $0.table.owners[owner]?.isSealed == false }
    }

    /// How many ranges an owner has locked, and for how many it waits.
    func counts(_ owner: LockOwner) -> (held: Int, waiting: Int) {
        state.withLock { state in
            let owner = state.table.owners[owner]
            return (owner?.held.count ?? 0, owner?.waiting.count ?? 0)
        }
    }

    /// How many requests wait.
    var waitingCount: Int { state.withLock { $0.table.requests.count } }
    /// Whether nobody holds or awaits anything, or could ask for it.
    var isIdle: Bool { state.withLock { $0.table.isIdle && $0.waits.isEmpty } }

    private func wait(for ticket: LockTicket, atMost limit: Duration?) async -> Verdict {
        let timer = limit.map { limit in
            Task {
                try? await clock.sleep(for: limit)
                if !Task.isCancelled { giveUp(ticket, .timeout) }
            }
        }
        defer { timer?.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { caller in
                let verdict = state.withLock { $0.arrive(ticket, caller) }
                if let verdict { caller.resume(returning: verdict) }
            }
        } onCancel: {
            giveUp(ticket, .cancelled)
        }
    }

    /// Takes back a request, unless it was answered meanwhile.
    private func giveUp(_ ticket: LockTicket, _ verdict: Verdict) {
        let caller = perform { state, notices in
            state.table.cancel(ticket, &notices) ? state.answer(ticket, verdict) : nil
        }
        caller?.resume(returning: verdict)
    }

    /// Makes one step of the table, then resumes those who waited for it.
    @discardableResult
    private func perform<R: Sendable>(_ step: (inout State, inout [LockTable.Notice]) -> R) -> R {
        let (result, answers) = state.withLock { state in
            var notices: [LockTable.Notice] = []
            let result = step(&state, &notices)
            let answers = notices.compactMap { notice in
                let verdict = Verdict(notice.verdict)
                return state.answer(notice.ticket, verdict).map { (caller: $0, verdict: verdict) }
            }
            return (result, answers)
        }
        for answer in answers { answer.caller.resume(returning: answer.verdict) }
        return result
    }
}

extension LockKeeper.State {
    /// Notes who waits.
    ///
    /// - Returns: the verdict, when there is one already.
    fileprivate mutating func arrive(_ ticket: LockTicket, _ caller: LockKeeper.Caller) -> LockKeeper.Verdict? {
        if case .answered(let verdict) = waits.removeValue(forKey: ticket) { return verdict }
        waits[ticket] = .waiting(caller)
        return nil
    }

    /// Ends a wait.
    ///
    /// - Returns: who is to be resumed.
    fileprivate mutating func answer(_ ticket: LockTicket, _ verdict: LockKeeper.Verdict) -> LockKeeper.Caller? {
        switch waits.removeValue(forKey: ticket) {
        case .waiting(let caller): return caller
        case .arriving: waits[ticket] = .answered(verdict)
        case .answered(let first): waits[ticket] = .answered(first)
        case nil: break
        }
        return nil
    }
}

extension LockKeeper.Verdict {
    fileprivate init(_ verdict: LockTable.Notice.Verdict) {
        self =
            switch verdict {
            case .granted: .granted
            case .deadlock: .deadlock
            case .isOver: .isOver
            }
    }
}

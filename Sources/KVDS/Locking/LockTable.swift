/// A lock table: strict two-phase locking as a pure state machine. Callers wait in ``LockManager``, the shell around
/// it.
///
/// An owner requests a range of keys, or a single key, in shared or exclusive mode. Two requests conflict if they have
/// different owners, share a key, and at least one of them is exclusive. A request is granted when it conflicts with no
/// held lock and with no earlier request:
///
///     owner 1  shared     "a"         granted
///     owner 2  exclusive  "a"         waits for 1
///     owner 3  shared     "a"         waits for 2: readers do not starve a writer
///     owner 1  exclusive  "a"         granted: 2 waits for 1, and behind 2 it would wait for itself
///     owner 1  released               2 is granted, 3 continues to wait
///
/// The fourth line shows the only exception to the order of arrival: a request overtakes the requests whose owners wait
/// for its own owner, directly or indirectly. Overtaking does not delay these, because they wait for the end of that
/// owner in any case. It allows a reader to become a writer.
///
/// So only a held lock can close a cycle. The table searches for a cycle when a request must wait, and at no other
/// time, because no other step adds a wait. The victim is the youngest owner in the cycle: it ends and loses all its
/// locks.
///
/// Locks are held until their owner ends. The table has no timeouts and no intention locks.
struct LockTable {
    /// The result of a request.
    enum Answer: Equatable {
        case granted
        case waits(LockRequestID)
        /// The request closed a cycle in which its owner is the youngest. The owner has ended.
        case deadlock
        /// The owner gets no more locks, or does not exist.
        case hasEnded
    }

    /// The outcome of a waiting request, for its caller.
    struct Wakeup: Equatable {
        enum Outcome: Equatable { case granted, deadlock, hasEnded }

        let ticket: LockRequestID
        let outcome: Outcome
    }

    struct Request {
        let owner: LockOwnerID
        let mode: LockMode
        let slot: Int
        /// The earlier requests that it does not wait for.
        let overtakes: Set<LockRequestID>
    }

    struct Owner {
        var held: [Int] = []
        var waiting: [LockRequestID] = []
        var isReleasing = false
    }

    private(set) var places = IntervalTree<LockEntry>()
    private(set) var owners: [LockOwnerID: Owner] = [:]
    private(set) var requests: [LockRequestID: Request] = [:]
    private var lastTicket = LockRequestID.zero

    /// Adds `owner`, which may request locks from now on.
    mutating func begin(_ owner: LockOwnerID) { owners[owner] = Owner() }

    /// Requests a lock on a range.
    ///
    /// - Complexity: O(log n) if there is no conflict, or no request waits for the owner; otherwise up to O(n), where n
    ///   is the number of locks and requests.
    mutating func request(
        _ mode: LockMode, _ range: KeyRange, by owner: LockOwnerID, _ wakeups: inout [Wakeup]
    ) -> Answer {
        guard let state = owners[owner], !state.isReleasing else { return .hasEnded }
        if range.isEmpty || holds(mode, range, owner) { return .granted }
        lastTicket = lastTicket.next
        let ticket = lastTicket
        var overtakes: Set<LockRequestID> = []
        var isBlocked = blocker(of: ticket, owner, mode, range, overtakes) != nil
        while isBlocked {
            let dependents = dependents(of: owner)
            guard let victim = victim(owner, mode, range, dependents) else {
                overtakes = conflicts(mode, range, with: dependents)
                isBlocked = blocker(of: ticket, owner, mode, range, overtakes) != nil
                break
            }
            remove(victim, .deadlock, &wakeups)
            if victim == owner { return .deadlock }
            isBlocked = blocker(of: ticket, owner, mode, range, overtakes) != nil
        }
        let slot = places.slot(of: range) ?? places.insert(range, LockEntry())
        guard isBlocked else {
            hold(mode, slot, owner)
            return .granted
        }
        requests[ticket] = Request(owner: owner, mode: mode, slot: slot, overtakes: overtakes)
        owners[owner]?.waiting.append(ticket)
        places[slot]?.enqueue(ticket, mode, overtakes: !overtakes.isEmpty)
        return .waits(ticket)
    }

    /// Withdraws a waiting request, and grants the requests behind it that need not wait any more.
    ///
    /// - Returns: false when the request does not wait any more.
    mutating func cancel(_ ticket: LockRequestID, _ wakeups: inout [Wakeup]) -> Bool {
        guard let request = requests[ticket] else { return false }
        let range = leave(ticket, request)
        tidy(request.slot)
        promote([range], &wakeups)
        return true
    }

    /// Grants an owner no more locks, and withdraws its waiting requests. It keeps the locks that it holds.
    ///
    /// - Returns: false when the owner gets no more locks already.
    mutating func beginRelease(_ owner: LockOwnerID, _ wakeups: inout [Wakeup]) -> Bool {
        guard let state = owners[owner], !state.isReleasing else { return false }
        owners[owner]?.isReleasing = true
        for ticket in state.waiting {
            if cancel(ticket, &wakeups) { wakeups.append(Wakeup(ticket: ticket, outcome: .hasEnded)) }
        }
        return true
    }

    /// Ends an owner and releases its locks.
    mutating func release(_ owner: LockOwnerID, _ wakeups: inout [Wakeup]) { remove(owner, .hasEnded, &wakeups) }

    private mutating func remove(_ owner: LockOwnerID, _ outcome: Wakeup.Outcome, _ wakeups: inout [Wakeup]) {
        guard let state = owners[owner] else { return }
        var ranges: [KeyRange] = []
        var slots = Set(state.held)
        for ticket in state.waiting {
            guard let request = requests[ticket] else { continue }
            slots.insert(request.slot)
            ranges.append(leave(ticket, request))
            wakeups.append(Wakeup(ticket: ticket, outcome: outcome))
        }
        owners[owner] = nil
        for slot in state.held {
            ranges.append(places.range(slot))
            places[slot]?.release(owner)
        }
        for slot in slots { tidy(slot) }
        promote(ranges, &wakeups)
    }

    private mutating func hold(_ mode: LockMode, _ slot: Int, _ owner: LockOwnerID) {
        if places[slot]?.holders[owner] == nil { owners[owner]?.held.append(slot) }
        places[slot]?.hold(mode, by: owner)
    }

    private mutating func leave(_ ticket: LockRequestID, _ request: Request) -> KeyRange {
        requests[ticket] = nil
        owners[request.owner]?.waiting.removeAll { $0 == ticket }
        places[request.slot]?.leave(ticket, request.mode, overtakes: !request.overtakes.isEmpty)
        return places.range(request.slot)
    }

    private mutating func tidy(_ slot: Int) {
        if places[slot]?.isIdle == true { places.remove(slot) }
    }

    /// Grants the waiting requests in `ranges` that need not wait any more.
    private mutating func promote(_ ranges: [KeyRange], _ wakeups: inout [Wakeup]) {
        var seen: Set<Int> = []
        for range in ranges where !requests.isEmpty {
            for slot in places.slots(meeting: range) where seen.insert(slot).inserted { promote(slot, &wakeups) }
        }
    }

    private mutating func promote(_ slot: Int, _ wakeups: inout [Wakeup]) {
        for ticket in places[slot]?.overtaking.tickets ?? [] { _ = tryToGrant(ticket, &wakeups) }
        var last = LockRequestID.zero
        while let ticket = places[slot]?.first(after: last), let request = requests[ticket] {
            last = ticket
            guard let blocker = tryToGrant(ticket, &wakeups) else { continue }
            // An overtaking request may block this request and not the next one.
            if blocker.isOvertaking { continue }
            // The requests that follow are blocked too, by the same owner or by this request, unless their owner is one
            // of the two.
            for owner in [blocker.owner, request.owner] {
                for other in owners[owner]?.waiting ?? [] where requests[other]?.slot == slot {
                    _ = tryToGrant(other, &wakeups)
                }
            }
            return
        }
    }

    /// Grants a request, if nothing blocks it.
    ///
    /// - Returns: what the request still waits for.
    private mutating func tryToGrant(_ ticket: LockRequestID, _ wakeups: inout [Wakeup]) -> Blocker? {
        guard let request = requests[ticket] else { return nil }
        let range = places.range(request.slot)
        if let blocker = blocker(of: ticket, request.owner, request.mode, range, request.overtakes) { return blocker }
        _ = leave(ticket, request)
        hold(request.mode, request.slot, request.owner)
        wakeups.append(Wakeup(ticket: ticket, outcome: .granted))
        return nil
    }
}

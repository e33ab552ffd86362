/// Who holds which keys, and who waits for whom: strict two-phase locking as a pure state machine. ``LockManager`` is the
/// shell around it, in which callers wait.
///
/// An owner asks for a range of keys, of which a single key is the smallest, to share it or to have it alone. Two requests
/// conflict when they are of different owners, have a key in common, and one of them is exclusive. A request is granted
/// once it conflicts with nothing that is held and with nothing that came before it:
///
///     owner 1  shared     "a"         granted
///     owner 2  exclusive  "a"         waits for 1
///     owner 3  shared     "a"         waits for 2: readers do not starve a writer
///     owner 1  exclusive  "a"         granted: 2 waits for 1, and behind 2 it would wait for itself
///     owner 1  released               2 is granted, 3 goes on waiting
///
/// The one exception to the order of arrival is in the fourth line: a request passes those whose owners wait for its own
/// owner, be it through others. That costs them nothing, because they wait for the end of that owner in any case, and it
/// is what lets a reader become a writer.
///
/// So only what is held can close a cycle. One is looked for when a request has to wait, and nowhere else, since no other
/// step makes an owner wait for one more. Of the owners in it the youngest is taken out, with all that it holds.
///
/// Nothing here ends a lock before its owner ends: there is no timeout and no lock of lesser strength.
struct LockTable {
    /// What becomes of a request.
    enum Answer: Equatable {
        case granted
        case waits(LockRequestID)
        /// The request closed a cycle of which its owner is the youngest; the owner is gone.
        case deadlock
        /// The owner takes no more locks, or was never there.
        case hasEnded
    }

    /// What one who waits is to be told.
    struct Wakeup: Equatable {
        enum Outcome: Equatable { case granted, deadlock, hasEnded }

        let ticket: LockRequestID
        let outcome: Outcome
    }

    struct Request {
        let owner: LockOwnerID
        let mode: LockMode
        let slot: Int
        /// Those that came before it and that it does not wait for.
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
    private var lastTicket: LockRequestID = 0

    /// Lets `owner` ask for locks.
    mutating func begin(_ owner: LockOwnerID) { owners[owner] = Owner() }

    /// Asks for a range.
    ///
    /// - Complexity: O(log n) where there is no conflict, or nobody waits for the owner; else up to O(n), n being the
    ///   number of locks and requests.
    mutating func request(
        _ mode: LockMode, _ range: KeyRange, by owner: LockOwnerID, _ wakeups: inout [Wakeup]
    ) -> Answer {
        guard let state = owners[owner], !state.isReleasing else { return .hasEnded }
        if range.isEmpty || holds(mode, range, owner) { return .granted }
        lastTicket += 1
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

    /// Takes back a request that waits; those behind it go on.
    ///
    /// - Returns: false when it waits no more.
    mutating func cancel(_ ticket: LockRequestID, _ wakeups: inout [Wakeup]) -> Bool {
        guard let request = requests[ticket] else { return false }
        let range = leave(ticket, request)
        tidy(request.slot)
        promote([range], &wakeups)
        return true
    }

    /// Gives an owner no more locks, and takes back what it waits for; what it holds it keeps.
    ///
    /// - Returns: false when it takes no locks already.
    mutating func beginRelease(_ owner: LockOwnerID, _ wakeups: inout [Wakeup]) -> Bool {
        guard let state = owners[owner], !state.isReleasing else { return false }
        owners[owner]?.isReleasing = true
        for ticket in state.waiting {
            if cancel(ticket, &wakeups) { wakeups.append(Wakeup(ticket: ticket, outcome: .hasEnded)) }
        }
        return true
    }

    /// Ends an owner: whatever it holds is free.
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

    /// Grants what waits in `ranges` and needs to wait no more.
    private mutating func promote(_ ranges: [KeyRange], _ wakeups: inout [Wakeup]) {
        var seen: Set<Int> = []
        for range in ranges where !requests.isEmpty {
            for slot in places.slots(meeting: range) where seen.insert(slot).inserted { promote(slot, &wakeups) }
        }
    }

    private mutating func promote(_ slot: Int, _ wakeups: inout [Wakeup]) {
        for ticket in places[slot]?.overtaking.tickets ?? [] { _ = tryToGrant(ticket, &wakeups) }
        var last: LockRequestID = 0
        while let ticket = places[slot]?.first(after: last), let request = requests[ticket] {
            last = ticket
            guard let blocker = tryToGrant(ticket, &wakeups) else { continue }
            // One that passes may pass this one and not the next.
            if blocker.isOvertaking { continue }
            // What follows is blocked too, by the same or by this one, unless it is of the same owner.
            for owner in [blocker.owner, request.owner] {
                for other in owners[owner]?.waiting ?? [] where requests[other]?.slot == slot {
                    _ = tryToGrant(other, &wakeups)
                }
            }
            return
        }
    }

    /// - Returns: what it goes on waiting for.
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

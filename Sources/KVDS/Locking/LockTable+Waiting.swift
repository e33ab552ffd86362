/// The waits-for graph. It is not stored, but computed from the locks, the queues and the overtaking requests.
extension LockTable {
    /// A lock or an earlier request that a request must wait for.
    struct Blocker {
        let owner: LockOwnerID
        /// Whether it is itself a request that overtakes others.
        let isOvertaking: Bool
    }

    /// Whether there are no locks, requests or owners.
    var isIdle: Bool { places.count == 0 && requests.isEmpty && owners.isEmpty }

    /// Whether one lock of `owner` covers `range` already, in this mode or a stronger one.
    func holds(_ mode: LockMode, _ range: KeyRange, _ owner: LockOwnerID) -> Bool {
        var found = false
        places.visit(meeting: range) { slot in
            if let held = places[slot]?.holders[owner], held == .exclusive || mode == .shared {
                found = places.range(slot).contains(range)
            }
            return !found
        }
        return found
    }

    /// A held lock or an earlier request that blocks a request; an overtaking request only if nothing else does.
    func blocker(
        of ticket: LockRequestID, _ owner: LockOwnerID, _ mode: LockMode, _ range: KeyRange,
        _ overtakes: Set<LockRequestID>
    ) -> Blocker? {
        var found: Blocker?
        var overtaking: Blocker?
        places.visit(meeting: range) { slot in
            guard let place = places[slot] else { return true }
            if let holder = place.holder(against: mode, of: owner) {
                found = Blocker(owner: holder, isOvertaking: false)
                return false
            }
            for line in place.lines(against: mode) {
                for other in line.tickets {
                    if other >= ticket { break }
                    guard !overtakes.contains(other), let request = requests[other], request.owner != owner else {
                        continue
                    }
                    found = Blocker(owner: request.owner, isOvertaking: false)
                    return false
                }
            }
            for other in place.overtaking.tickets where overtaking == nil {
                guard let request = requests[other], request.owner != owner, request.mode.conflicts(with: mode),
                    other < ticket ? !overtakes.contains(other) : request.overtakes.contains(ticket)
                else { continue }
                overtaking = Blocker(owner: request.owner, isOvertaking: true)
            }
            return true
        }
        return found ?? overtaking
    }

    /// The waiting requests of `owners` that conflict with a request for `range`.
    func conflicts(
        _ mode: LockMode, _ range: KeyRange, with owners: [LockOwnerID: LockOwnerID]
    ) -> Set<LockRequestID> {
        var found: Set<LockRequestID> = []
        for owner in owners.keys {
            for ticket in self.owners[owner]?.waiting ?? [] {
                guard let request = requests[ticket], request.mode.conflicts(with: mode) else { continue }
                if places.range(request.slot).overlaps(range) { found.insert(ticket) }
            }
        }
        return found
    }

    /// The victim: the youngest owner in the cycle that a request would close; nil when it closes none.
    func victim(
        _ owner: LockOwnerID, _ mode: LockMode, _ range: KeyRange, _ dependents: [LockOwnerID: LockOwnerID]
    ) -> LockOwnerID? {
        var closing: LockOwnerID?
        for slot in dependents.isEmpty ? [] : places.slots(meeting: range) {
            for holder in places[slot]?.holders(against: mode, among: dependents) ?? [] {
                closing = min(closing ?? holder, holder)
            }
        }
        guard var at = closing else { return nil }
        var youngest = owner
        while at != owner {
            youngest = max(youngest, at)
            guard let next = dependents[at] else { break }
            at = next
        }
        return youngest
    }

    /// All owners that wait for `owner`, directly or indirectly. Each is mapped to the next owner on the way to
    /// `owner`.
    func dependents(of owner: LockOwnerID) -> [LockOwnerID: LockOwnerID] {
        if requests.isEmpty { return [:] }
        var found: [LockOwnerID: LockOwnerID] = [:]
        var line = [owner]
        var next = 0
        var seen: [Int: SeenLines] = [:]
        while next < line.count {
            let at = line[next]
            next += 1
            for ticket in waiters(for: at, &seen) {
                guard let waiter = requests[ticket]?.owner, waiter != owner, waiter != at, found[waiter] == nil
                else { continue }
                found[waiter] = at
                line.append(waiter)
            }
        }
        return found
    }

    /// The parts of the queues in an entry that a search has visited: all tickets after these.
    struct SeenLines {
        var shared = LockRequestID.max
        var exclusive = LockRequestID.max
    }

    /// The requests that wait for `owner` directly, without those that the search has visited.
    private func waiters(for owner: LockOwnerID, _ seen: inout [Int: SeenLines]) -> [LockRequestID] {
        guard let state = owners[owner] else { return [] }
        var found: [LockRequestID] = []
        for slot in state.held {
            guard let mode = places[slot]?.holders[owner] else { continue }
            for other in places.slots(meeting: places.range(slot)) { add(other, mode, after: .zero, &found, &seen) }
        }
        for ticket in state.waiting {
            guard let request = requests[ticket] else { continue }
            for other in places.slots(meeting: places.range(request.slot)) {
                add(other, request.mode, after: ticket, &found, &seen)
            }
            found += request.overtakes.sorted()
        }
        return found
    }

    /// Adds the requests at a slot that wait for a held lock (`ticket` is `.zero`), or for the request `ticket`.
    private func add(
        _ slot: Int, _ mode: LockMode, after ticket: LockRequestID, _ found: inout [LockRequestID],
        _ seen: inout [Int: SeenLines]
    ) {
        guard let place = places[slot], place.isWaitedFor else { return }
        var lines = seen[slot] ?? SeenLines()
        found += place.exclusive.tickets(after: ticket, through: lines.exclusive)
        lines.exclusive = min(lines.exclusive, ticket)
        if mode == .exclusive {
            found += place.shared.tickets(after: ticket, through: lines.shared)
            lines.shared = min(lines.shared, ticket)
        }
        seen[slot] = lines
        for other in place.overtaking.tickets {
            guard let request = requests[other], request.mode.conflicts(with: mode) else { continue }
            // The caller adds the requests that `ticket` overtakes.
            if ticket == .zero || (ticket < other && !request.overtakes.contains(ticket)) { found.append(other) }
        }
    }
}

extension KeyRange {
    /// Whether every key of `other` lies in the range.
    func contains(_ other: KeyRange) -> Bool {
        guard lowerBound <= other.lowerBound else { return false }
        guard let upperBound else { return true }
        return other.upperBound.map { $0 <= upperBound } ?? false
    }

    /// Whether the ranges share a key; neither may be empty.
    fileprivate func overlaps(_ other: KeyRange) -> Bool {
        (upperBound.map { other.lowerBound < $0 } ?? true) && (other.upperBound.map { lowerBound < $0 } ?? true)
    }
}

/// The locks on one range: its holders, and the requests that wait for it.
struct LockEntry {
    private(set) var holders: [LockOwnerID: LockMode] = [:]
    private var exclusiveHolder: LockOwnerID?
    /// The waiting requests in the order of arrival. Shared and exclusive requests have separate queues, because shared
    /// requests do not wait for each other.
    private(set) var shared = LockQueue()
    private(set) var exclusive = LockQueue()
    /// The requests that overtake earlier ones. They have a queue of their own, because the position in it does not
    /// determine what a request waits for.
    private(set) var overtaking = LockQueue()

    var isWaitedFor: Bool { !(shared.isEmpty && exclusive.isEmpty && overtaking.isEmpty) }
    var isIdle: Bool { holders.isEmpty && !isWaitedFor }

    /// The first waiting request after `ticket`, without the overtaking ones.
    func first(after ticket: LockRequestID) -> LockRequestID? {
        let readers = shared.tickets(after: ticket, through: .max)
        let writers = exclusive.tickets(after: ticket, through: .max)
        guard let reader = readers.first else { return writers.first }
        return writers.first.map { min(reader, $0) } ?? reader
    }

    /// Another owner that holds the range in a mode that conflicts with `mode`.
    func holder(against mode: LockMode, of owner: LockOwnerID) -> LockOwnerID? {
        switch mode {
        case .shared: exclusiveHolder == owner ? nil : exclusiveHolder
        case .exclusive: holders.keys.first { $0 != owner }
        }
    }

    /// The holders among `others` that conflict with `mode`.
    func holders(against mode: LockMode, among others: [LockOwnerID: LockOwnerID]) -> [LockOwnerID] {
        switch mode {
        case .shared: [exclusiveHolder].compactMap(\.self).filter { others[$0] != nil }
        case .exclusive where others.count < holders.count: others.keys.filter { holders[$0] != nil }
        case .exclusive: holders.keys.filter { others[$0] != nil }
        }
    }

    /// The queues of the requests that conflict with `mode`.
    func lines(against mode: LockMode) -> [LockQueue] {
        switch mode {
        case .shared: [exclusive]
        case .exclusive: [shared, exclusive]
        }
    }

    mutating func hold(_ mode: LockMode, by owner: LockOwnerID) {
        if mode == .exclusive { exclusiveHolder = owner }
        if holders[owner] != .exclusive { holders[owner] = mode }
    }

    mutating func release(_ owner: LockOwnerID) {
        holders[owner] = nil
        if exclusiveHolder == owner { exclusiveHolder = nil }
    }

    mutating func enqueue(_ ticket: LockRequestID, _ mode: LockMode, overtakes: Bool) {
        switch mode {
        case _ where overtakes: overtaking.append(ticket)
        case .shared: shared.append(ticket)
        case .exclusive: exclusive.append(ticket)
        }
    }

    mutating func leave(_ ticket: LockRequestID, _ mode: LockMode, overtakes: Bool) {
        switch mode {
        case _ where overtakes: overtaking.remove(ticket)
        case .shared: shared.remove(ticket)
        case .exclusive: exclusive.remove(ticket)
        }
    }
}

/// A request that waits, by the time of its arrival: of two, the smaller came first.
typealias LockRequestID = UInt64

/// Whoever holds locks, by its age: the greater, the younger.
typealias LockOwnerID = UInt64

/// What is known of one range: who holds it and who stands in line for it.
struct LockEntry {
    private(set) var holders: [LockOwnerID: LockMode] = [:]
    private var exclusiveHolder: LockOwnerID?
    /// Those in line, by arrival. Apart, because one who wants to share waits for no other of that kind.
    private(set) var shared = LockQueue()
    private(set) var exclusive = LockQueue()
    /// Those who pass some who came before them. They stand apart, because nothing follows from their place in line.
    private(set) var overtaking = LockQueue()

    var isWaitedFor: Bool { !(shared.isEmpty && exclusive.isEmpty && overtaking.isEmpty) }
    var isIdle: Bool { holders.isEmpty && !isWaitedFor }

    /// The first in line that came after `ticket`, apart from those who pass.
    func first(after ticket: LockRequestID) -> LockRequestID? {
        let readers = shared.tickets(after: ticket, through: .max)
        let writers = exclusive.tickets(after: ticket, through: .max)
        guard let reader = readers.first else { return writers.first }
        return writers.first.map { min(reader, $0) } ?? reader
    }

    /// Somebody else who holds it in a way that does not go together with `mode`.
    func holder(against mode: LockMode, of owner: LockOwnerID) -> LockOwnerID? {
        switch mode {
        case .shared: exclusiveHolder == owner ? nil : exclusiveHolder
        case .exclusive: holders.keys.first { $0 != owner }
        }
    }

    /// The holders that do not go together with `mode`, as far as they are among `others`.
    func holders(against mode: LockMode, among others: [LockOwnerID: LockOwnerID]) -> [LockOwnerID] {
        switch mode {
        case .shared: [exclusiveHolder].compactMap(\.self).filter { others[$0] != nil }
        case .exclusive where others.count < holders.count: others.keys.filter { holders[$0] != nil }
        case .exclusive: holders.keys.filter { others[$0] != nil }
        }
    }

    /// The lines of those whose requests do not go together with `mode`.
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

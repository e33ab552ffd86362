/// How a lock is held.
enum LockMode: Hashable {
    /// With others who read.
    case shared
    /// Alone.
    case exclusive

    func conflicts(with other: LockMode) -> Bool { self == .exclusive || other == .exclusive }
}

/// A request that waits, by the time of its arrival: of two, the smaller came first.
typealias LockTicket = UInt64
/// Whoever holds locks, by its age: the greater, the younger.
typealias LockOwner = UInt64

/// What is known of one range: who holds it and who stands in line for it.
struct LockPlace {
    private(set) var holders: [LockOwner: LockMode] = [:]
    private var exclusiveHolder: LockOwner?
    /// Those in line, by arrival. Apart, because one who wants to share waits for no other of that kind.
    private(set) var shared = TicketLine()
    private(set) var exclusive = TicketLine()
    /// Those who pass some who came before them. They stand apart, because nothing follows from their place in line.
    private(set) var passing = TicketLine()

    var isWaitedFor: Bool { !(shared.isEmpty && exclusive.isEmpty && passing.isEmpty) }
    var isIdle: Bool { holders.isEmpty && !isWaitedFor }

    /// The first in line that came after `ticket`, apart from those who pass.
    func first(after ticket: LockTicket) -> LockTicket? {
        let readers = shared.tickets(after: ticket, through: .max)
        let writers = exclusive.tickets(after: ticket, through: .max)
        guard let reader = readers.first else { return writers.first }
        return writers.first.map { min(reader, $0) } ?? reader
    }

    /// Somebody else who holds it in a way that does not go together with `mode`.
    func holder(against mode: LockMode, of owner: LockOwner) -> LockOwner? {
        switch mode {
        case .shared: exclusiveHolder == owner ? nil : exclusiveHolder
        case .exclusive: holders.keys.first { $0 != owner }
        }
    }

    /// The holders that do not go together with `mode`, as far as they are among `others`.
    func holders(against mode: LockMode, among others: [LockOwner: LockOwner]) -> [LockOwner] {
        switch mode {
        case .shared: [exclusiveHolder].compactMap(\.self).filter { others[$0] != nil }
        case .exclusive where others.count < holders.count: others.keys.filter { holders[$0] != nil }
        case .exclusive: holders.keys.filter { others[$0] != nil }
        }
    }

    /// The lines of those whose requests do not go together with `mode`.
    func lines(against mode: LockMode) -> [TicketLine] {
        switch mode {
        case .shared: [exclusive]
        case .exclusive: [shared, exclusive]
        }
    }

    mutating func hold(_ mode: LockMode, by owner: LockOwner) {
        if mode == .exclusive { exclusiveHolder = owner }
        if holders[owner] != .exclusive { holders[owner] = mode }
    }

    mutating func letGo(_ owner: LockOwner) {
        holders[owner] = nil
        if exclusiveHolder == owner { exclusiveHolder = nil }
    }

    mutating func enqueue(_ ticket: LockTicket, _ mode: LockMode, passes: Bool) {
        switch mode {
        case _ where passes: passing.append(ticket)
        case .shared: shared.append(ticket)
        case .exclusive: exclusive.append(ticket)
        }
    }

    mutating func leave(_ ticket: LockTicket, _ mode: LockMode, passes: Bool) {
        switch mode {
        case _ where passes: passing.remove(ticket)
        case .shared: shared.remove(ticket)
        case .exclusive: exclusive.remove(ticket)
        }
    }
}

/// Tickets in the order of arrival. The first is taken in O(1), any other found in O(log n).
struct TicketLine {
    private(set) var tickets: ArraySlice<LockTicket> = []

    var isEmpty: Bool { tickets.isEmpty }
    var first: LockTicket? { tickets.first }

    mutating func append(_ ticket: LockTicket) { tickets.append(ticket) }

    mutating func remove(_ ticket: LockTicket) {
        if tickets.first == ticket {
            tickets.removeFirst()
        } else {
            tickets.remove(at: index(after: ticket) - 1)
        }
        if tickets.isEmpty { tickets = [] }
    }

    /// Those that came after `lower`, `upper` being the last.
    func tickets(after lower: LockTicket, through upper: LockTicket) -> ArraySlice<LockTicket> {
        tickets[index(after: lower)..<index(after: max(lower, upper))]
    }

    /// The index of the first ticket greater than `ticket`.
    private func index(after ticket: LockTicket) -> Int {
        var low = tickets.startIndex
        var high = tickets.endIndex
        while low < high {
            let middle = (low + high) / 2
            if tickets[middle] <= ticket { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

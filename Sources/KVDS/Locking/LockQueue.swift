/// Tickets in the order of arrival. The first is removed in O(1), and any other is found in O(log n).
struct LockQueue {
    private(set) var tickets: ArraySlice<LockRequestID> = []

    var isEmpty: Bool { tickets.isEmpty }
    var first: LockRequestID? { tickets.first }

    mutating func append(_ ticket: LockRequestID) { tickets.append(ticket) }

    mutating func remove(_ ticket: LockRequestID) {
        if tickets.first == ticket {
            tickets.removeFirst()
        } else {
            tickets.remove(at: index(after: ticket) - 1)
        }
        if tickets.isEmpty { tickets = [] }
    }

    /// The tickets after `lowerBound`, up to and including `upperBound`.
    func tickets(after lowerBound: LockRequestID, through upperBound: LockRequestID) -> ArraySlice<LockRequestID> {
        tickets[index(after: lowerBound)..<index(after: max(lowerBound, upperBound))]
    }

    /// The index of the first ticket greater than `ticket`.
    private func index(after ticket: LockRequestID) -> Int {
        tickets.partitioningIndex { $0 > ticket }
    }
}

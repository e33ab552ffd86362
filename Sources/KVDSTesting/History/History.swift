import Synchronization

/// What tasks did to a store at the same time, and when: to be checked once it is over.
///
/// Time is counted in events: each begin and each end of something takes the next number, so that of any two it is known
/// which came first.
struct History: Sendable {
    var transactions: [ListTransaction] = []
    var registers: [RegisterOperation] = []
}

/// A transaction over lists: each key has a list of numbers, to which numbers are appended that nobody else appends.
struct ListTransaction: Sendable {
    enum Step: Sendable, Equatable {
        case append(key: Int, Int)
        /// What the list was read as.
        case read(key: Int, [Int])
    }

    var steps: [Step]
    var isCommitted: Bool
    var begin: Int
    var end: Int
}

/// A single operation on one of many registers, each of which holds a number or nothing.
struct RegisterOperation: Sendable {
    enum Kind: Sendable, Equatable {
        case read(Int?)
        case write(Int)
        case swap(expected: Int?, new: Int, isDone: Bool)
    }

    var key: Int
    var kind: Kind
    var begin: Int
    var end: Int
}

/// Counts events.
final class EventClock: Sendable {
    private let events = Atomic(0)

    func next() -> Int { events.add(1, ordering: .sequentiallyConsistent).newValue }
}

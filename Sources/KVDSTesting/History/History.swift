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
package struct RegisterOperation: Sendable {
    package enum Kind: Sendable, Equatable {
        case read(Int?)
        case write(Int)
        case delete
        /// A change to `new`, nil for a deletion, on the condition that the register is as expected.
        case swap(expected: Int?, new: Int?, isDone: Bool)
        /// A swap whose outcome is not known.
        case attempt(expected: Int?, new: Int?)
    }

    package var key: Int
    package var kind: Kind
    package var begin: Int
    /// ``never`` where the outcome is not known: then it takes effect at any time behind its begin, or not at all, which is
    /// to say behind everything else.
    package var end: Int

    package static let never = Int.max

    package init(key: Int, kind: Kind, begin: Int, end: Int) {
        self.key = key
        self.kind = kind
        self.begin = begin
        self.end = end
    }
}

/// Counts events.
package final class EventClock: Sendable {
    private let events = Atomic(0)

    package init() {}

    package func next() -> Int { events.add(1, ordering: .sequentiallyConsistent).newValue }
}

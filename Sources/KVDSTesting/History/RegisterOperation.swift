import Synchronization

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

import Synchronization

/// A single operation on one of many registers. A register holds a number or nothing.
package struct RegisterOperation: Sendable {
    package enum Kind: Sendable, Equatable {
        case read(Int?)
        case write(Int)
        case delete
        /// A change to `new`, which succeeds if the register equals `expected`.
        case swap(expected: Int?, new: Int?, isDone: Bool)
        /// A swap with an unknown outcome.
        case attempt(expected: Int?, new: Int?)
    }

    package var key: Int
    package var kind: Kind
    package var begin: Int
    /// ``never`` if the outcome is unknown. The operation may then take effect at any time after its beginning. Taking
    /// effect after all other operations is equivalent to not taking effect.
    package var end: Int

    package static let never = Int.max

    package init(key: Int, kind: Kind, begin: Int, end: Int) {
        self.key = key
        self.kind = kind
        self.begin = begin
        self.end = end
    }
}

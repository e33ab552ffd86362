import Synchronization

/// A transaction over lists. Each key holds a list of numbers. Each number is appended only once, by one transaction.
struct ListTransaction: Sendable {
    enum Step: Sendable, Equatable {
        case append(key: Int, Int)
        /// The list as it was read.
        case read(key: Int, [Int])
    }

    var steps: [Step]
    var isCommitted: Bool
    var begin: Int
    var end: Int
}

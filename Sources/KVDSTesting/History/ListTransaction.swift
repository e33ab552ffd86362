import Synchronization

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

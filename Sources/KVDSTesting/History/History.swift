import Synchronization

/// The operations of concurrent tasks with their times, to be checked afterwards.
///
/// Time is counted in events: the beginning and the end of each operation take the next number, so any two events have
/// a known order.
struct History: Sendable {
    var transactions: [ListTransaction] = []
    var registers: [RegisterOperation] = []
}

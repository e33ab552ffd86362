import Synchronization

/// What tasks did to a store at the same time, and when: to be checked once it is over.
///
/// Time is counted in events: each begin and each end of something takes the next number, so that of any two it is known
/// which came first.
struct History: Sendable {
    var transactions: [ListTransaction] = []
    var registers: [RegisterOperation] = []
}

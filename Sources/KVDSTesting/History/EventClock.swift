import Synchronization

/// Counts events.
package final class EventClock: Sendable {
    private let events = Atomic(0)

    package init() {}

    package func next() -> Int { events.add(1, ordering: .sequentiallyConsistent).newValue }
}

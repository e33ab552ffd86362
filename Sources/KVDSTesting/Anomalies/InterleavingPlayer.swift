import KVDS

/// Runs one transaction of an interleaving, turn by turn.
protocol InterleavingPlayer: Sendable {
    var record: PlayerRecord { get }
    /// Whether the transaction waits for a lock.
    var isWaiting: Bool { get }

    /// Makes the next step; after the last one, the commit. It may return before the step is done.
    func turn() async throws
    /// Returns when the player has made all its turns or waits for a lock.
    func settle() async
    /// Ends a transaction that waits although no turn is left.
    func giveUp()
    /// Returns whether the transaction committed.
    func result() async throws -> Bool
}

/// What one transaction of an interleaving has done.
final class PlayerRecord: Sendable {
    private struct State {
        var sights: [Interleaving.ReadResult] = []
        var events: [String] = []
        var eventCount = 0
        var hasEnded = false
    }

    private let state = Monitor(State())

    /// The results of the reads.
    var sights: [Interleaving.ReadResult] { state.withLock { $0.sights } }
    /// The number of events so far.
    var eventCount: Int { state.withLock { $0.eventCount } }
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    func add(_ sight: Interleaving.ReadResult) { state.withLock { $0.sights.append(sight) } }

    func add(_ event: String) {
        state.withLock { state in
            state.events.append(event)
            state.eventCount += 1
        }
    }

    /// Adds the last event.
    func end(_ event: String) {
        state.withLock { $0.hasEnded = true }
        add(event)
    }

    /// Returns the events since the last call.
    func takeEvents() -> [String] {
        state.withLock { state in
            defer { state.events = [] }
            return state.events
        }
    }
}

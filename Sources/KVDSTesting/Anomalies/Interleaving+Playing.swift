import KVDS

extension Interleaving {
    /// Plays the interleaving with the store's transactions, each attempted once.
    func playTransactions(_ store: any KeyValueStore) async throws -> InterleavingOutcome {
        try await prepare(store)
        return try await play(programs.indices.map { TransactionPlayer(programs[$0], texts(of: $0), store) }, store)
    }

    /// Plays the interleaving directly on the store: each step takes effect immediately and cannot be rolled back.
    func playWithoutTransactions(_ store: any KeyValueStore) async throws -> InterleavingOutcome {
        try await prepare(store)
        return try await play(programs.map { DirectPlayer($0, store) }, store)
    }

    /// Lets the players take their turns.
    func play(
        _ players: [any InterleavingPlayer], _ store: any KeyValueStore
    ) async throws -> InterleavingOutcome {
        var events: [String] = []
        /// The transactions that have waited since their last event.
        var waiting: Set<Int> = []
        for turn in schedule {
            let (index, player) = (turn.transaction, players[turn.transaction])
            let hadEnded = player.record.hasEnded
            let before = player.record.eventCount
            try await player.turn()
            await settle(players)
            if player.record.eventCount == before {
                events.append("t\(index + 1): \(turn.text) \(hadEnded ? "refused" : "waits")")
            }
            // The step may have released a lock that others waited for.
            for other in [index] + players.indices.filter({ $0 != index }) {
                for event in players[other].record.takeEvents() {
                    let hasWaited = waiting.remove(other) != nil
                    events.append("t\(other + 1): \(event)\(hasWaited ? " after waiting" : "")")
                }
            }
            waiting.formUnion(players.indices.filter { players[$0].isWaiting })
        }
        if let stuck = waiting.min() {
            for player in players { player.giveUp() }
            throw Difference("t\(stuck + 1) waits although all others have ended:\n\(events.joined(separator: "\n"))")
        }
        var transactions: [(sights: [ReadResult], isCommitted: Bool)] = []
        for player in players {
            let isCommitted = try await player.result()
            transactions.append((player.record.sights, isCommitted))
        }
        return InterleavingOutcome(transactions: transactions, entries: try await store.list(), events: events)
    }

    /// Waits until no player can continue without another turn.
    private func settle(_ players: [any InterleavingPlayer]) async {
        var before = -1
        // A player that settles may have released a lock for one that had settled before.
        while true {
            let count = players.reduce(0) { $0 + $1.record.eventCount }
            if count == before { return }
            before = count
            for player in players { await player.settle() }
        }
    }

    /// The turns of one transaction, as the script has them.
    func texts(of transaction: Int) -> [String] {
        schedule.filter { $0.transaction == transaction }.map(\.text)
    }

    /// Replaces the store's entries with the initial ones.
    func prepare(_ store: any KeyValueStore) async throws {
        try await store.write { batch in
            batch.delete(in: .all)
            for entry in initial { batch.set(entry.key, to: entry.value) }
        }
    }
}

/// Makes the steps of one transaction directly on the store.
private final class DirectPlayer: InterleavingPlayer {
    let record = PlayerRecord()
    private let program: [Interleaving.Step]
    private let store: any KeyValueStore
    private let taken = AtomicCounter()

    init(_ program: [Interleaving.Step], _ store: any KeyValueStore) {
        self.program = program
        self.store = store
    }

    var isWaiting: Bool { false }

    func turn() async throws {
        let index = taken.add() - 1
        guard index < program.count else { return record.end("commit") }
        let step = program[index]
        switch step {
        case .read(let key): record.add(.value(key, try await store.get(key)))
        case .scan(let range, let text): record.add(.entries(text, try await store.list(range)))
        case .write(let key, let assignment):
            if let value = assignment.value(record.sights) { try await store.set(key, to: value) }
        case .abort: return record.end("rollback, without effect")
        }
        record.add(step.event(record.sights))
    }

    func settle() async {}
    func giveUp() {}

    func result() async throws -> Bool {
        if case .abort = program.last { false } else { true }
    }
}

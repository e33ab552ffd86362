import KVDS

extension Interleaving {
    /// Plays it with transactions that lock. A turn whose step has to wait is over when it waits; what is to come after it
    /// comes when it has its lock.
    ///
    /// - Parameter isMixed: every second transaction, from the second one on, is an optimistic one and takes no locks.
    func playLocking(_ store: any KeyValueStore, isMixed: Bool = false) async throws -> InterleavingOutcome {
        try await prepare(store)
        let manager = TransactionManager(store, configuration: .init(lockTimeout: nil))
        var players: [any InterleavingPlayer] = []
        for (number, program) in programs.enumerated() {
            let isOptimistic = isMixed && !number.isMultiple(of: 2)
            players.append(
                isOptimistic
                    ? TransactionPlayer(program, store)
                    : LockingPlayer(program, await manager.begin(), mayConflict: isMixed))
        }
        for number in schedule {
            try await players[number].turn()
            // A step can be what others have waited for: they are let on first.
            for case let player as LockingPlayer in players { await player.settle() }
        }
        var transactions: [(sights: [ReadResult], isCommitted: Bool)] = []
        for player in players { transactions.append(try await player.result()) }
        return InterleavingOutcome(transactions: transactions, entries: try await store.list())
    }
}

/// Runs one locking transaction of an interleaving in a task of its own.
private final class LockingPlayer: InterleavingPlayer {
    private let transaction: LockingTransaction
    private let turns: AsyncStream<Void>.Continuation
    private let task: Task<(sights: [Interleaving.ReadResult], isCommitted: Bool), any Error>
    /// Turns that were given and are not made yet; none once the transaction has ended.
    private let pending: Monitor<Int?>

    /// - Parameter mayConflict: whether somebody takes no locks. Otherwise a conflict says that they did not hold.
    init(_ program: [Interleaving.Step], _ transaction: LockingTransaction, mayConflict: Bool) {
        let (stream, turns) = AsyncStream.makeStream(of: Void.self)
        let pending = Monitor<Int?>(0)
        self.transaction = transaction
        self.turns = turns
        self.pending = pending
        task = Task {
            defer { pending.withLock { $0 = nil } }
            var sights: [Interleaving.ReadResult] = []
            var rest = program[...]
            do throws(StoreError) {
                for await _ in stream {
                    guard let step = rest.popFirst() else { break }
                    switch step {
                    case .read(let key): sights.append(.value(try await transaction.get(key)))
                    case .scan(let range): sights.append(.entries(try await transaction.list(range)))
                    case .write(let key, let value):
                        if let value = value(sights) { try await transaction.set(key, to: value) }
                    case .abort:
                        try transaction.rollback()
                        return (sights, false)
                    }
                    pending.withLock { $0 = $0.map { $0 - 1 } }
                }
                try await transaction.commit()
                return (sights, true)
            } catch {
                guard error.code == .deadlock || (error.code == .conflict && mayConflict) else { throw error }
                return (sights, false)
            }
        }
    }

    func turn() async {
        pending.withLock { $0 = $0.map { $0 + 1 } }
        turns.yield()
    }

    /// Waits until it has made its turns, or waits for a lock.
    func settle() async {
        while pending.withLock({ $0 ?? 0 }) > 0, !transaction.isWaiting { await Task.yield() }
    }

    func result() async throws -> (sights: [Interleaving.ReadResult], isCommitted: Bool) {
        turns.finish()
        return try await task.value
    }
}

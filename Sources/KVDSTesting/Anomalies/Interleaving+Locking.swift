import KVDS

extension Interleaving {
    /// Plays the interleaving with locking transactions. A turn ends when its step is done or waits for a lock. A
    /// transaction that waits makes its later steps as soon as it has the lock.
    ///
    /// - Parameter isMixed: if true, every second transaction, beginning with the second, is optimistic and takes no
    ///   locks.
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
            // The step may have released a lock that other players wait for: let them continue first.
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
    /// The number of turns given but not yet made; nil once the transaction has ended.
    private let pending: Monitor<Int?>

    /// - Parameter mayConflict: whether some transactions take no locks. If none does, a conflict is an error, because
    ///   the locks did not hold.
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

    /// Waits until the player has made all its turns or waits for a lock.
    func settle() async {
        while pending.withLock({ $0 ?? 0 }) > 0, !transaction.isWaiting { await Task.yield() }
    }

    func result() async throws -> (sights: [Interleaving.ReadResult], isCommitted: Bool) {
        turns.finish()
        return try await task.value
    }
}

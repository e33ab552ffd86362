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
                    ? TransactionPlayer(program, texts(of: number), store)
                    : LockingPlayer(program, texts(of: number), await manager.begin(), mayConflict: isMixed))
        }
        return try await play(players, store)
    }
}

/// Runs one locking transaction of an interleaving in a task of its own.
private final class LockingPlayer: InterleavingPlayer {
    let record: PlayerRecord
    private let transaction: LockingTransaction
    private let turns: AsyncStream<Void>.Continuation
    private let task: Task<Bool, any Error>
    /// The number of turns given but not yet made; nil once the transaction has ended.
    private let pending: Monitor<Int?>

    /// - Parameters:
    ///   - texts: the turns as the script has them.
    ///   - mayConflict: whether some transactions take no locks. If none does, a conflict is an error, because the
    ///     locks did not hold.
    init(_ program: [Interleaving.Step], _ texts: [String], _ transaction: LockingTransaction, mayConflict: Bool) {
        let (stream, turns) = AsyncStream.makeStream(of: Void.self)
        let pending = Monitor<Int?>(0)
        let record = PlayerRecord()
        self.transaction = transaction
        self.turns = turns
        self.pending = pending
        self.record = record
        task = Task {
            defer { pending.withLock { $0 = nil } }
            var made = 0
            do throws(StoreError) {
                for await _ in stream {
                    guard made < program.count else { break }
                    let isOpen = try await LockingPlayer.make(program[made], transaction, record)
                    if !isOpen { return false }
                    made += 1
                    pending.withLock { $0 = $0.map { $0 - 1 } }
                }
                try await transaction.commit()
                record.end("commit")
                return true
            } catch {
                guard error.code == .deadlock || (error.code == .conflict && mayConflict) else { throw error }
                record.end("\(made < texts.count ? texts[made] : "commit"): \(error.code)")
                return false
            }
        }
    }

    var isWaiting: Bool { transaction.isWaiting }

    func turn() async {
        pending.withLock { $0 = $0.map { $0 + 1 } }
        turns.yield()
    }

    func settle() async {
        while pending.withLock({ $0 ?? 0 }) > 0, !transaction.isWaiting { await Task.yield() }
    }

    func giveUp() { try? transaction.rollback() }

    func result() async throws -> Bool {
        turns.finish()
        return try await task.value
    }

    /// - Returns: whether the transaction continues after the step.
    private static func make(
        _ step: Interleaving.Step, _ transaction: LockingTransaction, _ record: PlayerRecord
    ) async throws(StoreError) -> Bool {
        switch step {
        case .read(let key): record.add(.value(key, try await transaction.get(key)))
        case .scan(let range, let text): record.add(.entries(text, try await transaction.list(range)))
        case .write(let key, let assignment):
            if let value = assignment.value(record.sights) { try await transaction.set(key, to: value) }
        case .abort:
            try transaction.rollback()
            record.end("rollback")
            return false
        }
        record.add(step.event(record.sights))
        return true
    }
}

import KVDS

/// Runs one optimistic transaction of an interleaving in a task of its own, turn by turn.
final class TransactionPlayer: InterleavingPlayer {
    private typealias Turn = CheckedContinuation<Void, Never>

    private struct GivenUp: Error {}

    let record: PlayerRecord
    private let turns: AsyncStream<Turn>.Continuation
    private let task: Task<Bool, any Error>
    private let texts: [String]
    private let taken = AtomicCounter()

    /// - Parameter texts: the turns as the script has them.
    init(_ program: [Interleaving.Step], _ texts: [String], _ store: any KeyValueStore) {
        let (stream, turns) = AsyncStream.makeStream(of: Turn.self)
        let record = PlayerRecord()
        self.turns = turns
        self.record = record
        self.texts = texts
        task = Task {
            do {
                try await store.withTransaction(options: TransactionOptions(maximumAttempts: 1)) { tx in
                    var rest = program[...]
                    for await turn in stream {
                        defer { turn.resume() }
                        guard let step = rest.popFirst() else { break }
                        try await TransactionPlayer.make(step, tx, record)
                    }
                }
                record.end("commit")
                return true
            } catch is GivenUp {
                record.end("rollback")
                return false
            } catch let error as StoreError where error.code == .conflict {
                record.end("commit: conflict")
                return false
            }
        }
    }

    var isWaiting: Bool { false }

    func turn() async throws {
        let text = texts[min(taken.add(), texts.count) - 1]
        if text == "commit" {
            turns.finish()
            _ = try await task.value
        } else {
            await withCheckedContinuation { turn in
                // A transaction that has ended accepts no more turns.
                if case .terminated = turns.yield(turn) { turn.resume() }
            }
            if text == "rollback" { _ = try await task.value }
        }
    }

    func settle() async {}
    func giveUp() {}

    func result() async throws -> Bool {
        turns.finish()
        return try await task.value
    }

    private static func make(_ step: Interleaving.Step, _ tx: Transaction, _ record: PlayerRecord) async throws {
        switch step {
        case .read(let key): record.add(.value(key, try await tx.get(key)))
        case .scan(let range, let text): record.add(.entries(text, try await tx.list(range)))
        case .write(let key, let assignment):
            if let value = assignment.value(record.sights) { tx.set(key, to: value) }
        case .abort: throw GivenUp()
        }
        record.add(step.event(record.sights))
    }
}

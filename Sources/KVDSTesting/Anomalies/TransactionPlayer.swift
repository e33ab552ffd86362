import KVDS

/// Runs one transaction of an interleaving in a task of its own, turn by turn.
final class TransactionPlayer: InterleavingPlayer {
    private typealias Turn = CheckedContinuation<Void, Never>

    private struct GivenUp: Error {}

    private let turns: AsyncStream<Turn>.Continuation
    private let task: Task<(sights: [Interleaving.ReadResult], isCommitted: Bool), any Error>
    private let steps: Int
    private let taken = Monitor(0)

    init(_ program: [Interleaving.Step], _ store: any KeyValueStore) {
        let (stream, turns) = AsyncStream.makeStream(of: Turn.self)
        self.turns = turns
        steps = program.count
        task = Task {
            let sights = Monitor<[Interleaving.ReadResult]>([])
            do {
                try await store.withTransaction(options: TransactionOptions(maximumAttempts: 1)) { tx in
                    var rest = program[...]
                    for await turn in stream {
                        defer { turn.resume() }
                        guard let step = rest.popFirst() else { break }
                        try await TransactionPlayer.make(step, tx, sights)
                    }
                }
                return (sights.withLock { $0 }, true)
            } catch is GivenUp {
                return (sights.withLock { $0 }, false)
            } catch let error as StoreError where error.code == .conflict {
                return (sights.withLock { $0 }, false)
            }
        }
    }

    /// Makes the next step; after the last one, the commit.
    func turn() async throws {
        let isCommit = taken.withLock { taken in
            taken += 1
            return taken > steps
        }
        if isCommit {
            turns.finish()
            _ = try await task.value
        } else {
            await withCheckedContinuation { turn in
                // A transaction that has ended accepts no more turns.
                if case .terminated = turns.yield(turn) { turn.resume() }
            }
        }
    }

    func result() async throws -> (sights: [Interleaving.ReadResult], isCommitted: Bool) {
        turns.finish()
        return try await task.value
    }

    private static func make(
        _ step: Interleaving.Step, _ tx: Transaction, _ sights: Monitor<[Interleaving.ReadResult]>
    ) async throws {
        switch step {
        case .read(let key):
            let value = try await tx.get(key)
            sights.withLock { $0.append(.value(value)) }
        case .scan(let range):
            let entries = try await tx.list(range)
            sights.withLock { $0.append(.entries(entries)) }
        case .write(let key, let value):
            if let value = value(sights.withLock { $0 }) { tx.set(key, to: value) }
        case .abort: throw GivenUp()
        }
    }
}

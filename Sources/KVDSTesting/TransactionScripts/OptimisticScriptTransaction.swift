import KVDS

/// An optimistic transaction of a script. If it conflicts, it makes its calls again.
final class OptimisticScriptTransaction: Sendable {
    private typealias Turn = (call: ScriptCall, answer: CheckedContinuation<String, Never>)

    private let turns: AsyncStream<Turn>.Continuation
    private let isCommitted = Monitor(false)
    /// Returns the number of attempts.
    private let task: Task<Int, any Error>

    init(_ store: any KeyValueStore) {
        let (stream, turns) = AsyncStream.makeStream(of: Turn.self)
        self.turns = turns
        let made = Monitor<[ScriptCall]>([])
        let isCommitted = isCommitted
        task = Task {
            try await store.withTransactionResult { tx in
                for call in made.withLock({ $0 }) { _ = try await call.make(in: tx) }
                // In later attempts there are no more turns.
                for await turn in stream {
                    made.withLock { $0.append(turn.call) }
                    do throws(StoreError) {
                        turn.answer.resume(returning: try await turn.call.make(in: tx))
                    } catch {
                        turn.answer.resume(returning: ": \(error.code)")
                        throw error
                    }
                }
                // A script that does not commit does not change the store.
                if !isCommitted.withLock({ $0 }) { throw StoreError(.cancelled, "The script did not commit.") }
            }.attempts
        }
    }

    /// Makes a call, and returns its result as the output of a script.
    func make(_ call: ScriptCall) async -> String {
        await withCheckedContinuation { answer in
            if case .terminated = turns.yield((call, answer)) { answer.resume(returning: ": transactionEnded") }
        }
    }

    /// Ends the transaction, and returns how.
    func commit() async -> String {
        isCommitted.withLock { $0 = true }
        turns.finish()
        do {
            let attempts = try await task.value
            return attempts == 1 ? "" : " in attempt \(attempts)"
        } catch {
            return ": \((error as? StoreError)?.code.description ?? "\(error)")"
        }
    }
}

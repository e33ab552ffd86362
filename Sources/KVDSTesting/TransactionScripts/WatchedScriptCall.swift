import KVDS

/// A call of a script in a task of its own.
final class WatchedScriptCall: Sendable {
    private let transaction: LockingTransaction
    private let result: Monitor<String?>

    init(_ text: String, _ transaction: LockingTransaction, _ call: ScriptCall) {
        let result = Monitor<String?>(nil)
        self.transaction = transaction
        self.result = result
        Task {
            let outcome: String
            do throws(StoreError) {
                outcome = "\(text)\(try await call.make(in: transaction))"
            } catch {
                outcome = "\(text): \(error.code)"
            }
            result.withLock { $0 = outcome }
        }
    }

    /// The call and its result; nil if it has not ended.
    var outcome: String? { result.withLock { $0 } }

    /// Returns when the call has ended or waits for a lock.
    func settle() async {
        while outcome == nil, !transaction.isWaiting { await Task.yield() }
    }
}

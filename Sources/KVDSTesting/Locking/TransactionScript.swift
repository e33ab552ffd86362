import KVDS

/// A textual interface to a transaction service: one command a line, one answer each, transactions identified by
/// number.
///
///     BEGIN                   1
///     PUT name ada 1          OK
///     GET name 1              ada
///     COMMIT 1                OK
///
/// A client holds the transactions that it has begun. They are rolled back when it disconnects.
actor TransactionScript {
    private let store: any KeyValueStore
    private let manager: TransactionManager
    private var held: [LockingTransaction] = []

    init(_ store: any KeyValueStore, _ manager: TransactionManager) {
        self.store = store
        self.manager = manager
    }

    /// Returns the answers to the commands. A command that fails is answered with the error's code.
    func run(_ lines: [String]) async -> [String] {
        var answers: [String] = []
        for line in lines {
            do throws(StoreError) {
                answers.append(try await run(line.split(separator: " ").map(String.init)))
            } catch {
                answers.append(error.code.description)
            }
        }
        return answers
    }

    /// Releases all transactions that the client has begun.
    func disconnect() { held = [] }

    private func run(_ words: [String]) async throws(StoreError) -> String {
        guard let command = words.first else { return "" }
        switch (command, words.count) {
        case ("BEGIN", 1):
            let transaction = await manager.begin()
            held.append(transaction)
            return String(transaction.id)
        case ("COMMITALL", 1):
            return await manager.commitAll().map { outcome in
                switch outcome.result {
                case .success: "\(outcome.id) OK"
                case .failure(let error): "\(outcome.id) \(error.code)"
                }
            }.joined(separator: ", ")
        case ("SHOWALL", 1): return try await show()
        default: break
        }
        guard let id = words.last.flatMap(UInt64.init) else { return "?" }
        let transaction = try await manager.transaction(id)
        switch (command, words.count) {
        case ("PUT", 4): try await transaction.set(Bytes(words[1]), to: Bytes(words[2]))
        case ("GET", 3): return try await transaction.get(Bytes(words[1])).map { String($0) } ?? "nothing"
        case ("DEL", 3): try await transaction.delete(Bytes(words[1]))
        case ("COMMIT", 2): try await transaction.commit()
        case ("ROLLBACK", 2): try transaction.rollback()
        default: return "?"
        }
        return "OK"
    }

    /// Returns all entries, then the uncommitted writes, then the live transactions.
    private func show() async throws(StoreError) -> String {
        var parts: [String] = []
        for entry in try await store.list() { parts.append("\(entry.key)=\(entry.value)") }
        for write in await manager.pendingWrites {
            switch write.mutation {
            case .set(let key, let value): parts.append("(\(key)=\(value) in \(write.transaction))")
            case .delete(let key): parts.append("(\(key) deleted in \(write.transaction))")
            case .deleteRange: parts.append("(a range deleted in \(write.transaction))")
            }
        }
        return (parts + (await manager.liveTransactions.map { "live \($0.id)" })).joined(separator: ", ")
    }
}

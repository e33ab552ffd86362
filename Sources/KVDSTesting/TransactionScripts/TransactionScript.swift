import KVDS

/// Runs scripts on a store, the locking transactions of one manager, and optimistic transactions.
///
/// | command | meaning |
/// |---|---|
/// | `begin` | begins a locking transaction: t1, then t2, and so on |
/// | `begin optimistic` | begins an optimistic transaction: o1, then o2, and so on |
/// | `t1: get k`, `t1: get k for update`, `t1: exists k` | reads a key |
/// | `t1: scan p*`, `t1: scan a..e reverse limit 2` | reads a range |
/// | `t1: scan * take 2` | reads two entries of a scan without a limit |
/// | `t1: set k=1`, `t1: delete k`, `t1: delete p*` | writes |
/// | `t1: commit`, `t1: rollback` | ends t1 |
/// | `o1: get k`, …, `o1: commit` | the same calls of o1. After a conflict it makes all of them again |
/// | `commit all`, `rollback all` | ends all transactions |
/// | `disconnect t1 t2` | releases t1 and t2 without an end, as when their client disappears |
/// | `store: set k=1` | a call without a transaction; also `get`, `scan` and `delete` |
/// | `show` | lists the entries, the writes that are not committed, and the transactions that have not ended |
///
/// The output repeats each command with its result. A call that must wait continues below the command that made it
/// possible. No time passes: a call either ends or waits for a lock.
actor TransactionScript {
    private let store: any KeyValueStore
    private let manager: TransactionManager
    private let script: Script
    private var held: [UInt64: LockingTransaction] = [:]
    /// The calls that wait, in the order in which they began to.
    private var waiting: [WatchedScriptCall] = []
    private var lastRevision: Revision?
    private var optimistic: [OptimisticScriptTransaction] = []

    init(_ script: Script, _ store: any KeyValueStore) {
        self.script = script
        self.store = store
        manager = TransactionManager(store, configuration: .init(lockTimeout: nil))
    }

    /// Returns the outputs of all blocks.
    func run() async throws -> [[Script.Output]] {
        var outputs: [[Script.Output]] = []
        for block in script.blocks {
            var lines: [String] = []
            for command in block.commands {
                lines += try await run(command)
                lines += await continued()
            }
            outputs.append([Script.Output(variant: "", lines: lines)])
        }
        return outputs
    }

    private func run(_ line: Script.Line) async throws -> [String] {
        if let call = line.call { return [try await run(call.command, UInt64(call.transaction), line)] }
        switch line.text {
        case "begin":
            let transaction = await manager.begin()
            held[transaction.id] = transaction
            return ["begin t\(transaction.id)"]
        case "begin optimistic":
            optimistic.append(OptimisticScriptTransaction(store))
            return ["begin o\(optimistic.count)"]
        case "commit all":
            return await manager.commitAll().map { outcome in
                switch outcome.result {
                case .success: "t\(outcome.id): commit"
                case .failure(let error): "t\(outcome.id): commit: \(error.code)"
                }
            }
        case "rollback all": return await manager.rollbackAll().map { "t\($0): rollback" }
        case "show": return try await show()
        case let text where text.hasPrefix("store: "):
            guard let call = ScriptCall(String(text.dropFirst(7))) else { break }
            return ["\(text)\(try await write(call))"]
        case let text where text.hasPrefix("o"):
            guard let outcome = try await runOptimistic(text) else { break }
            return ["\(text)\(outcome)"]
        case let text where text.hasPrefix("disconnect "):
            let ids = text.split(separator: " ").dropFirst().compactMap { UInt64($0.dropFirst()) }
            try await disconnect(ids)
            return [text]
        default: break
        }
        throw script.error(line, "\"\(line.text)\" is no command")
    }

    /// Makes a call of a transaction, and returns its result or that it waits.
    private func run(_ command: String, _ id: UInt64, _ line: Script.Line) async throws(ScriptError) -> String {
        let end = TransactionEnd(rawValue: command)
        let call = ScriptCall(command)
        if end == nil, call == nil { throw script.error(line, "\"\(command)\" is no command") }
        let transaction: LockingTransaction
        do throws(StoreError) {
            transaction = try await manager.transaction(id)
            if let end { return "\(line.text)\(try await make(end, transaction))" }
        } catch {
            return "\(line.text): \(error.code)"
        }
        guard let call else { return line.text }
        // Which of two calls waits could not be seen from outside.
        if transaction.isWaiting { return "\(line.text) is not called while t\(id) waits" }
        let watched = WatchedScriptCall(line.text, transaction, call)
        await watched.settle()
        if let outcome = watched.outcome { return outcome }
        waiting.append(watched)
        return "\(line.text) waits"
    }

    /// Makes a call of an optimistic transaction.
    ///
    /// - Returns: nil if the line is no such call.
    private func runOptimistic(_ text: String) async throws -> String? {
        guard let colon = text.firstRange(of: ": "), let number = Int(text[..<colon.lowerBound].dropFirst()) else {
            return nil
        }
        guard optimistic.indices.contains(number - 1) else { return nil }
        lastRevision = nil
        let command = String(text[colon.upperBound...])
        if command == "commit" { return await optimistic[number - 1].commit() }
        guard let call = ScriptCall(command) else { return nil }
        return await optimistic[number - 1].make(call)
    }

    /// Makes a call without a transaction.
    private func write(_ call: ScriptCall) async throws(StoreError) -> String {
        if call.isWrite { lastRevision = nil }
        return try await call.make(on: store)
    }

    private func make(_ end: TransactionEnd, _ transaction: LockingTransaction) async throws(StoreError) -> String {
        switch end {
        case .rollback:
            try transaction.rollback()
            return ""
        case .commit:
            let hasWritten = await manager.liveTransactions.contains { $0.id == transaction.id && $0.writeCount > 0 }
            let revision = try await transaction.commit().revision
            defer { lastRevision = revision ?? lastRevision }
            // The scripts write in no other way, so no revision may be missing. The numbers depend on the store.
            guard hasWritten, let revision, let last = lastRevision else { return "" }
            return revision.rawValue == last.rawValue + 1 ? "" : " makes revision \(revision) after \(last)"
        }
    }

    /// Lets the calls that wait continue, and returns the results of those that end.
    private func continued() async -> [String] {
        var ended: [(order: Int, outcome: String)] = []
        // A call that ends may release a lock for one that has been looked at before.
        while true {
            for call in waiting { await call.settle() }
            let count = ended.count
            for (order, call) in waiting.enumerated() {
                guard let outcome = call.outcome, !ended.contains(where: { $0.order == order }) else { continue }
                ended.append((order, "\(outcome) after waiting"))
            }
            if ended.count == count { break }
        }
        waiting.removeAll { $0.outcome != nil }
        return ended.sorted { $0.order < $1.order }.map(\.outcome)
    }

    /// Releases transactions and waits until they have ended.
    private func disconnect(_ ids: [UInt64]) async throws(Difference) {
        for id in ids { held[id] = nil }
        // The task of an earlier call may hold its transaction a moment longer.
        for _ in 0..<1_000_000 {
            if await manager.liveTransactions.allSatisfy({ !ids.contains($0.id) }) { return }
            await Task.yield()
        }
        throw Difference("a transaction that nobody holds has not ended")
    }

    private func show() async throws(StoreError) -> [String] {
        var lines = ["store: \(try await store.list().script)"]
        for write in await manager.pendingWrites {
            switch write.mutation {
            case .set(let key, let value): lines.append("t\(write.transaction) sets \(key)=\(value)")
            case .delete(let key): lines.append("t\(write.transaction) deletes \(key)")
            case .deleteRange(let range): lines.append("t\(write.transaction) deletes \(range.script)")
            }
        }
        for transaction in await manager.liveTransactions {
            let count = transaction.lockCount
            let waits = transaction.isWaiting ? ", and waits" : ""
            lines.append("t\(transaction.id) holds \(count) \(count == 1 ? "lock" : "locks")\(waits)")
        }
        return lines
    }
}

/// How a script ends a transaction.
private enum TransactionEnd: String {
    case commit, rollback
}

public import KVDS

/// A bank whose every transfer is a transaction: money that many tasks move about and none may make or lose.
public enum Bank {
    public static let accounts = 100
    public static let tasks = 64
    public static let balance = 1_000

    /// How money is moved.
    public enum Kind: String, CaseIterable, Sendable {
        case optimistic, locking
    }

    /// Opens the accounts, if there are none.
    static func open(_ store: any KeyValueStore) async throws {
        try await store.withTransaction { tx in
            if try await tx.exists(account(0)) { return }
            for number in 0..<accounts { tx.set(account(number), to: Bytes("\(balance)")) }
        }
    }

    /// Makes transfers for ever, from as many tasks, and says each once it is acknowledged.
    static func run(
        _ store: any KeyValueStore, _ kind: Kind, say: @escaping @Sendable (String) -> Void
    ) async throws {
        let manager = TransactionManager(store, configuration: .init(lockTimeout: nil))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var step = try await store.number(receipt(task))
                    while true {
                        step += 1
                        let transfer = Transfer(task: task, step: step)
                        switch kind {
                        case .optimistic: try await transfer.make(store)
                        case .locking: try await transfer.make(manager)
                        }
                        say("ack \(task) \(step)")
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    static func account(_ number: Int) -> Bytes { Bytes("account:\(number)") }
    /// Where the number of a task's last transfer is.
    public static func receipt(_ task: Int) -> Bytes { Bytes("receipt:\(task)") }
}

/// Some money that goes from one account to another, with a receipt in the same transaction.
private struct Transfer {
    let from: Bytes
    let to: Bytes
    let wanted = Int.random(in: 1...Bank.balance)
    let receipt: Bytes
    let step: Int

    init(task: Int, step: Int) {
        let number = Int.random(in: 0..<Bank.accounts)
        from = Bank.account(number)
        to = Bank.account((number + Int.random(in: 1..<Bank.accounts)) % Bank.accounts)
        receipt = Bank.receipt(task)
        self.step = step
    }

    func make(_ store: any KeyValueStore) async throws {
        try await store.withTransaction(options: TransactionOptions(maximumAttempts: 1_000)) { tx in
            let balances = (from: try await tx.number(from), to: try await tx.number(to))
            let amount = min(wanted, balances.from)
            tx.set(from, to: Bytes("\(balances.from - amount)"))
            tx.set(to, to: Bytes("\(balances.to + amount)"))
            tx.set(receipt, to: Bytes("\(step)"))
        }
    }

    /// Makes it until it is no victim of a deadlock.
    func make(_ manager: TransactionManager) async throws(StoreError) {
        while true {
            let tx = await manager.begin()
            do throws(StoreError) {
                let balances = (from: try await tx.number(from), to: try await tx.number(to))
                let amount = min(wanted, balances.from)
                try await tx.set(from, to: Bytes("\(balances.from - amount)"))
                try await tx.set(to, to: Bytes("\(balances.to + amount)"))
                try await tx.set(receipt, to: Bytes("\(step)"))
                try await tx.commit()
                return
            } catch {
                if error.code != .deadlock { throw error }
            }
        }
    }
}

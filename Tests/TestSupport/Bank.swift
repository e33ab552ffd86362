public import KVDS

/// A bank whose transfers are transactions. Many tasks move money, and the total must never change.
public enum Bank {
    public static let accounts = 100
    public static let tasks = 64
    public static let balance = 1_000

    /// The kind of transaction used for transfers.
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

    /// Makes transfers without end from ``tasks`` tasks, and reports each one after it is acknowledged.
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
    /// The key of the number of a task's last transfer.
    public static func receipt(_ task: Int) -> Bytes { Bytes("receipt:\(task)") }
}

/// A transfer from one account to another that also writes a receipt in the same transaction.
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

    /// Retries the transfer until it is not the victim of a deadlock.
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

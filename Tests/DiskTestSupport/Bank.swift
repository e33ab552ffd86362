public import KVDS

/// A bank whose every transfer is a transaction: money that many tasks move about and none may make or lose.
public enum Bank {
    public static let accounts = 100
    public static let tasks = 64
    public static let balance = 1_000

    /// Opens the accounts, if there are none.
    static func open(_ store: any KeyValueStore) async throws {
        try await store.transaction { tx in
            if try await tx.exists(account(0)) { return }
            for number in 0..<accounts { tx.set(account(number), to: Bytes("\(balance)")) }
        }
    }

    /// Makes transfers for ever, from as many tasks, and says each once it is acknowledged.
    static func run(_ store: any KeyValueStore, say: @escaping @Sendable (String) -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var step = try await store.number(receipt(task))
                    while true {
                        step += 1
                        try await transfer(store, task, step)
                        say("ack \(task) \(step)")
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Moves some money, and leaves a receipt in the same transaction.
    private static func transfer(_ store: any KeyValueStore, _ task: Int, _ step: Int) async throws {
        let from = Int.random(in: 0..<accounts)
        let to = (from + Int.random(in: 1..<accounts)) % accounts
        let wanted = Int.random(in: 1...balance)
        try await store.transaction(options: TransactionOptions(maximumAttempts: 1_000)) { tx in
            let balances = (from: try await tx.number(account(from)), to: try await tx.number(account(to)))
            let amount = min(wanted, balances.from)
            tx.set(account(from), to: Bytes("\(balances.from - amount)"))
            tx.set(account(to), to: Bytes("\(balances.to + amount)"))
            tx.set(receipt(task), to: Bytes("\(step)"))
        }
    }

    static func account(_ number: Int) -> Bytes { Bytes("account:\(number)") }
    /// Where the number of a task's last transfer is.
    public static func receipt(_ task: Int) -> Bytes { Bytes("receipt:\(task)") }
}

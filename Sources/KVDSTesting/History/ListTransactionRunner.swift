import KVDS

/// Runs transactions over lists, with either kind of transaction.
struct ListTransactionRunner: Sendable {
    private struct GivenUp: Error {}

    private let store: any KeyValueStore
    private let transactions: HistoryCheck.Transactions
    private let manager: TransactionManager
    /// The number of commits under locks that found a read entry changed by another commit.
    let conflicts = AtomicCounter()
    private let options = TransactionOptions(
        maximumAttempts: 1_000, backoff: Backoff(maximum: .milliseconds(5)), durability: .buffered)

    init(_ store: any KeyValueStore, _ transactions: HistoryCheck.Transactions) {
        self.store = store
        self.transactions = transactions
        manager = TransactionManager(store, configuration: .init(lockTimeout: nil, durability: .buffered))
    }

    /// Runs the steps of `plan` in a transaction until they are committed or rolled back.
    ///
    /// - Returns: the steps with the lists they read, or nil if they were rolled back.
    func run(
        _ plan: [ListTransaction.Step], isGivenUp: Bool, random: inout SplitMix64
    ) async throws -> [ListTransaction.Step]? {
        let isLocking =
            switch transactions {
            case .optimistic: false
            case .locking: true
            case .mixed: random.oneIn(2)
            }
        return try await isLocking ? runLocking(plan, isGivenUp) : runOptimistic(plan, isGivenUp)
    }

    private func runOptimistic(
        _ plan: [ListTransaction.Step], _ isGivenUp: Bool
    ) async throws -> [ListTransaction.Step]? {
        do {
            return try await store.withTransaction(options: options) { tx in
                let steps = try await make(plan, tx)
                if isGivenUp { throw GivenUp() }
                return steps
            }
        } catch is GivenUp {
            return nil
        }
    }

    private func runLocking(
        _ plan: [ListTransaction.Step], _ isGivenUp: Bool
    ) async throws(StoreError) -> [ListTransaction.Step]? {
        var attempt = 1
        while true {
            do throws(StoreError) {
                return try await attemptLocking(plan, isGivenUp)
            } catch {
                let isLost = error.code == .deadlock || error.code == .conflict
                if !isLost || attempt == options.maximumAttempts { throw error }
                if error.code == .conflict { conflicts.add() }
            }
            attempt += 1
            await Task.yield()
        }
    }

    private func attemptLocking(
        _ plan: [ListTransaction.Step], _ isGivenUp: Bool
    ) async throws(StoreError) -> [ListTransaction.Step]? {
        let tx = await manager.begin()
        let steps = try await make(plan, tx)
        if isGivenUp {
            try tx.rollback()
            return nil
        }
        try await tx.commit()
        return steps
    }

    private func make(
        _ plan: [ListTransaction.Step], _ tx: some ListEditing
    ) async throws(StoreError) -> [ListTransaction.Step] {
        var steps: [ListTransaction.Step] = []
        for step in plan {
            switch step {
            case .append(let key, let element):
                let list = try await tx.readList(key)
                try await tx.write(list + [element], key)
                steps += [.read(key: key, list), step]
            case .read(let key, _): steps.append(.read(key: key, try await tx.readList(key)))
            }
        }
        return steps
    }
}

extension Transaction: ListEditing {
    func put(_ value: Bytes, at key: Bytes) async throws(StoreError) { set(key, to: value) }
}

extension LockingTransaction: ListEditing {
    func put(_ value: Bytes, at key: Bytes) async throws(StoreError) { try await set(key, to: value) }
}

extension Bytes {
    /// The numbers of a list.
    var listElements: [Int] { String(self).split(separator: " ").compactMap { Int($0) } }
}

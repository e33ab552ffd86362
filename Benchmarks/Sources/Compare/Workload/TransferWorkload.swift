import KVDS

/// Transactions that each read two keys and write both back with a number added to the first eight bytes of each value.
///
/// The final state does not depend on their order, only on each having been made once and completely. The sum of all
/// values shows whether a transaction was lost, incomplete, or made twice.
struct TransferWorkload: Sendable {
    struct Addition: Sendable {
        /// The lesser key, so that transactions that lock the keys in order never deadlock.
        let first: Bytes
        let second: Bytes
        let number: UInt64
    }

    let all: [Addition]
    /// The same in the form that the peers take.
    let packed: PackedRows

    private init(_ pairs: [(Bytes, Bytes)], using random: inout SplitMix64) {
        all = pairs.map { one, other in
            Addition(first: min(one, other), second: max(one, other), number: .random(in: 1...1_000, using: &random))
        }
        packed = PackedRows(
            keys: all.map { Bytes(Array($0.first) + Array($0.second)) },
            values: all.map { addition in withUnsafeBytes(of: addition.number) { Bytes(copying: $0) } })
    }

    /// Each of `tasks` draws at random from its own keys.
    static func apart(_ rows: Dataset, tasks: Int, each: Int, seed: UInt64 = 11) -> TransferWorkload {
        var random = SplitMix64(seed: seed)
        let own = rows.count / tasks
        let pairs = (0..<tasks * each).map { index in
            let task = index / each
            let one = Int.random(in: 0..<own, using: &random)
            let other = (one + Int.random(in: 1..<own, using: &random)) % own
            return (rows.keys[one * tasks + task], rows.keys[other * tasks + task])
        }
        return TransferWorkload(pairs, using: &random)
    }

    /// All tasks draw from all keys, a few of them often, according to ``Zipfian``.
    static func hot(_ rows: Dataset, tasks: Int, each: Int, seed: UInt64 = 13) -> TransferWorkload {
        var random = SplitMix64(seed: seed)
        let ranks = Zipfian(count: rows.count)
        let pairs = (0..<tasks * each).map { _ in
            let one = ranks.next(using: &random)
            var other = one
            while other == one { other = ranks.next(using: &random) }
            return (rows.keys[one], rows.keys[other])
        }
        return TransferWorkload(pairs, using: &random)
    }
}

extension TransferWorkload {
    /// Makes the transactions optimistically in `tasks` tasks.
    ///
    /// - Returns: the number of retries.
    func run(on store: StoreHandle, tasks: Int) async throws -> Int {
        try await divided(among: tasks) { addition in
            try await store.withTransactionResult { tx in
                guard let first = try await tx.get(addition.first), let second = try await tx.get(addition.second)
                else { throw MissingRow() }
                tx.set(addition.first, to: first.adding(addition.number))
                tx.set(addition.second, to: second.adding(addition.number))
            }.attempts - 1
        }
    }

    /// Makes the transactions with locks.
    ///
    /// - Returns: the number of retries.
    func run(on manager: TransactionManager, tasks: Int) async throws -> Int {
        try await divided(among: tasks) { addition in
            var retries = 0
            while true {
                let transaction = await manager.begin()
                do {
                    guard let first = try await transaction.getForUpdate(addition.first),
                        let second = try await transaction.getForUpdate(addition.second)
                    else { throw MissingRow() }
                    try await transaction.set(addition.first, to: first.adding(addition.number))
                    try await transaction.set(addition.second, to: second.adding(addition.number))
                    try await transaction.commit()
                    return retries
                } catch let error as StoreError where error.advice == .retry {
                    retries += 1
                }
            }
        }
    }

    private func divided(
        among tasks: Int, _ run: @escaping @Sendable (Addition) async throws -> Int
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<tasks {
                let share = all[all.count * task / tasks..<all.count * (task + 1) / tasks]
                group.addTask {
                    var retries = 0
                    for addition in share { retries += try await run(addition) }
                    return retries
                }
            }
            return try await group.reduce(0, +)
        }
    }

    struct MissingRow: Error {}
}

extension Bytes {
    /// Returns the bytes with `number` added to the first eight.
    fileprivate func adding(_ number: UInt64) -> Bytes {
        var copy = Array(self)
        copy.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: bytes.loadUnaligned(as: UInt64.self) &+ number, as: UInt64.self)
        }
        return Bytes(copy)
    }
}

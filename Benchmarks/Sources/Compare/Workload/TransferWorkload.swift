import KVDS

/// Transactions that each read two keys and write both back, a number added to the first eight bytes of either's value.
///
/// What they leave behind does not depend on their order, but on each having happened once and whole: the sum over all
/// values tells whether one was lost, torn, or made twice.
struct TransferWorkload: Sendable {
    struct Addition: Sendable {
        /// In order, so that those who lock them one after the other never wait in a circle.
        let first: Bytes
        let second: Bytes
        let number: UInt64
    }

    let all: [Addition]
    /// The same as the peers take them.
    let packed: PackedRows

    private init(_ pairs: [(Bytes, Bytes)], using random: inout SplitMix64) {
        all = pairs.map { one, other in
            Addition(first: min(one, other), second: max(one, other), number: .random(in: 1...1_000, using: &random))
        }
        packed = PackedRows(
            keys: all.map { Bytes(Array($0.first) + Array($0.second)) },
            values: all.map { addition in withUnsafeBytes(of: addition.number) { Bytes(copying: $0) } })
    }

    /// Each of `tasks` has keys of its own, which it draws at random.
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

    /// All draw from all keys, of which a few are drawn often, as ``Zipfian`` has it.
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
    /// Makes them by optimistic transactions of `tasks` tasks.
    ///
    /// - Returns: how often a closure was run again.
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

    /// Makes them by transactions that lock.
    ///
    /// - Returns: how often one was given up and begun again.
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
    /// The same, with `number` added to the first eight bytes.
    fileprivate func adding(_ number: UInt64) -> Bytes {
        var copy = Array(self)
        copy.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: bytes.loadUnaligned(as: UInt64.self) &+ number, as: UInt64.self)
        }
        return Bytes(copy)
    }
}

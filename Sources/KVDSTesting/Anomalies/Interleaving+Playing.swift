import KVDS

extension Interleaving {
    /// Plays the interleaving with the store's transactions, each attempted once.
    func playTransactions(_ store: any KeyValueStore) async throws -> InterleavingOutcome {
        try await prepare(store)
        let players = programs.map { TransactionPlayer($0, store) }
        for number in schedule { try await players[number].turn() }
        var transactions: [(sights: [ReadResult], isCommitted: Bool)] = []
        for player in players { transactions.append(try await player.result()) }
        return InterleavingOutcome(transactions: transactions, entries: try await store.list())
    }

    /// Plays the interleaving directly on the store: each step takes effect immediately and cannot be rolled back.
    func playWithoutTransactions(_ store: any KeyValueStore) async throws -> InterleavingOutcome {
        try await prepare(store)
        var next = programs.map { _ in 0 }
        var transactions: [(sights: [ReadResult], isCommitted: Bool)] = programs.map { _ in ([], true) }
        for number in schedule {
            defer { next[number] += 1 }
            guard next[number] < programs[number].count else { continue }
            switch programs[number][next[number]] {
            case .read(let key): transactions[number].sights.append(.value(try await store.get(key)))
            case .scan(let range): transactions[number].sights.append(.entries(try await store.list(range)))
            case .write(let key, let value):
                if let value = value(transactions[number].sights) { try await store.set(key, to: value) }
            case .abort: transactions[number].isCommitted = false
            }
        }
        return InterleavingOutcome(transactions: transactions, entries: try await store.list())
    }

    /// Replaces the store's entries with the initial ones.
    func prepare(_ store: any KeyValueStore) async throws {
        try await store.write { batch in
            batch.delete(in: .all)
            for entry in initial { batch.set(entry.key, to: entry.value) }
        }
    }
}

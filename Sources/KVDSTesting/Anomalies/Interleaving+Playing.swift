import KVDS

extension Interleaving {
    /// Plays it with the store's transactions, each of them attempted once.
    func playTransactions(_ store: any KeyValueStore) async throws -> InterleavingOutcome {
        try await prepare(store)
        let players = programs.map { TransactionPlayer($0, store) }
        for number in schedule { try await players[number].turn() }
        var transactions: [(sights: [ReadResult], isCommitted: Bool)] = []
        for player in players { transactions.append(try await player.result()) }
        return InterleavingOutcome(transactions: transactions, entries: try await store.list())
    }

    /// Plays it on the store itself: every step is made at once, and nothing can be given up.
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

    /// Makes the store what it is at first.
    func prepare(_ store: any KeyValueStore) async throws {
        try await store.write { batch in
            batch.delete(.all)
            for entry in initial { batch.set(entry.key, to: entry.value) }
        }
    }
}

import KVDS
import KVDSRecords
import Testing

@Suite("Tables in transactions", .timeLimit(.minutes(5)))
struct TableTransactionTests {
    struct Account: Codable, Equatable, Sendable {
        var name: String
        var balance: Int
    }
    struct Transfer: Codable, Equatable, Sendable {
        var number: Int
        var amount: Int
    }
    private let accounts = Table<Account>("accounts", key: \.name)
    private let transfers = Table<Transfer>("transfers", key: \.number)

    @Test(
        "two new tables are added to the catalog by the transaction that first writes to them",
        arguments: TableStore.allCases)
    func new(_ kind: TableStore) async throws {
        try await kind.with { store in
            let (accounts, transfers) = (try await store.open(accounts), try await store.open(transfers))
            try await store.withTransaction { tx in
                try await tx[accounts].insert(Account(name: "a", balance: 5))
                try await tx[transfers].insert(Transfer(number: 1, amount: 5))
                #expect(try await tx[accounts].get("a")?.balance == 5)
                #expect(try await tx[transfers].records().collected().count == 1)
                #expect(try await accounts.get("a") == nil, "nobody else sees it")
            }
            #expect(try await accounts.records().collected() == [Account(name: "a", balance: 5)])
            #expect(try await transfers.records().collected() == [Transfer(number: 1, amount: 5)])
            let again = try await store.open(self.accounts)
            #expect(try await again.get("a")?.balance == 5)
        }
    }

    @Test("a transaction that throws leaves neither records nor a table", arguments: TableStore.allCases)
    func rolledBack(_ kind: TableStore) async throws {
        struct Stop: Error {}
        try await kind.with { store in
            let accounts = try await store.open(accounts)
            await #expect(throws: Stop.self) {
                try await store.withTransaction { tx in
                    try await tx[accounts].put(Account(name: "a", balance: 5))
                    throw Stop()
                }
            }
            #expect(try await accounts.count() == 0)
            var entries = 0
            for try await _ in store.entries() { entries += 1 }
            #expect(entries == 0)
        }
    }

    @Test(
        "concurrent transfers between accounts lose nothing, optimistic or locking", arguments: TableStore.allCases,
        [true, false])
    func transfers(_ kind: TableStore, _ locks: Bool) async throws {
        try await kind.with { store in
            let (accounts, transfers) = (try await store.open(accounts), try await store.open(transfers))
            try await accounts.put((0..<4).map { Account(name: "\($0)", balance: 100) })
            let manager = TransactionManager(store)
            try await withThrowingTaskGroup { group in
                for task in 0..<4 {
                    group.addTask {
                        for round in 0..<10 {
                            let (from, to) = ("\(task)", "\((task + round) % 3)")
                            let transfer = Transfer(number: task * 100 + round, amount: 1)
                            @Sendable func make(
                                _ accounts: TableTransaction<Account>, _ transfers: TableTransaction<Transfer>
                            ) async throws {
                                try await accounts.update(from) { $0.balance -= 1 }
                                try await accounts.update(to) { $0.balance += 1 }
                                try await transfers.insert(transfer)
                            }
                            if !locks {
                                try await store.withTransaction { try await make($0[accounts], $0[transfers]) }
                                continue
                            }
                            while true {
                                let tx = await manager.begin()
                                let failure = try await code {
                                    try await make(tx[accounts], tx[transfers])
                                    try await tx.commit()
                                }
                                if failure == nil { break }
                                #expect(failure == .deadlock)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await accounts.records().collected().reduce(0) { $0 + $1.balance } == 400)
            #expect(try await transfers.count() == 40)
        }
    }

    @Test("insert, update and delete in a transaction report what is there", arguments: TableStore.allCases)
    func outcomes(_ kind: TableStore) async throws {
        try await kind.with { store in
            let accounts = try await store.open(accounts)
            try await store.withTransaction { tx in
                let table = tx[accounts]
                #expect(try await code { try await table.update("a") { $0.balance = 1 } } == .notFound)
                #expect(try await table.delete("a") == false)
                try await table.put(Account(name: "a", balance: 1))
                #expect(try await code { try await table.insert(Account(name: "a", balance: 2)) } == .alreadyExists)
                #expect(try await code { try await table.update("a") { $0.name = "b" } } == .invalidArgument)
                #expect(try await table.contains("a"))
                #expect(try await table.delete("a"))
                #expect(try await table.contains("a") == false)
            }
        }
    }
}

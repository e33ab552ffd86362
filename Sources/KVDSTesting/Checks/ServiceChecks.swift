import KVDS

extension StoreConformance {
    /// The operations of a service that identifies transactions by number, and known mistakes of such services.
    static let serviceChecks = [
        Check("a client script of numbered transactions gets the expected answer to every line") { context, store in
            let client = TransactionScript(store, TransactionManager(store))
            try await context.expect(
                client,
                [
                    ("BEGIN", "1"),
                    ("PUT nameofkey value999 1", "OK"),
                    ("GET nameofkey 1", "value999"),
                    ("BEGIN", "2"),
                    ("PUT house large 2", "OK"),
                    ("PUT house small 2", "OK"),
                    ("GET house 2", "small"),
                    ("SHOWALL", "(nameofkey=value999 in 1), (house=small in 2), live 1, live 2"),
                    ("ROLLBACK 2", "OK"),
                    ("DEL 2", "transactionEnded"),
                    ("COMMITALL", "1 OK"),
                    ("SHOWALL", "nameofkey=value999"),
                    ("COMMITALL", ""),
                ])
            try await context.expect(store, holds: [Entry(key: "nameofkey", value: "value999")])
        },
        Check("a rollback keeps the commits of other transactions") { context, store in
            let client = TransactionScript(store, TransactionManager(store))
            try await store.set("k", to: "before")
            try await context.expect(
                client,
                [
                    ("BEGIN", "1"), ("BEGIN", "2"),
                    ("PUT a 1 1", "OK"), ("PUT k mine 1", "OK"), ("PUT b 2 2", "OK"),
                    ("COMMIT 2", "OK"),
                    ("ROLLBACK 1", "OK"),
                    ("SHOWALL", "b=2, k=before"),
                    ("BEGIN", "3"), ("PUT k third 3", "OK"), ("COMMIT 3", "OK"),
                    ("BEGIN", "4"), ("PUT k fourth 4", "OK"), ("DEL b 4", "OK"), ("ROLLBACK 4", "OK"),
                    ("SHOWALL", "b=2, k=third"),
                ])
        },
        Check("the second writer of a key waits for the first, and neither write is lost") { context, store in
            let manager = TransactionManager(store)
            let (first, second) = (await manager.begin(), await manager.begin())
            try await first.set("k", to: "1")
            let waiting = Task { () async throws -> Bytes? in
                let old = try await second.getForUpdate("k")
                try await second.set("k", to: "2")
                return old
            }
            try await second.untilWaiting()
            try context.expect(try await store.get("k"), nil, "what others see before the commit")
            let result = try await first.commit()
            try context.expect(try await waiting.value, "1", "what the second writer found")
            try context.expect(try await store.get("k"), "1", "what others see before the second commit")
            let next = try await second.commit()
            try context.expect(try await store.get("k"), "2", "the value in the end")
            try context.expect(
                next.revision?.rawValue, result.revision.map { $0.rawValue + 1 }, "the revision of the second commit")
        },
        Check("a key deleted in a transaction is gone for it, and for others only after its commit") {
            context, store in
            try await store.set("k", to: "1")
            let client = TransactionScript(store, TransactionManager(store))
            try await context.expect(
                client,
                [
                    ("BEGIN", "1"), ("DEL k 1", "OK"), ("GET k 1", "nothing"), ("DEL k 1", "OK"),
                    ("SHOWALL", "k=1, (k deleted in 1), live 1"),
                    ("PUT k 2 1", "OK"), ("GET k 1", "2"), ("DEL k 1", "OK"), ("GET k 1", "nothing"),
                    ("COMMIT 1", "OK"), ("SHOWALL", ""),
                    ("BEGIN", "2"), ("DEL missing 2", "OK"), ("COMMIT 2", "OK"), ("SHOWALL", ""),
                ])
        },
        Check("the number of an ended transaction throws .transactionEnded and is never reused") { context, store in
            let manager = TransactionManager(store)
            let client = TransactionScript(store, manager)
            try await context.expect(
                client,
                [
                    ("BEGIN", "1"), ("PUT k 1 1", "OK"), ("COMMIT 1", "OK"),
                    ("GET k 1", "transactionEnded"), ("PUT k 2 1", "transactionEnded"),
                    ("DEL k 1", "transactionEnded"), ("COMMIT 1", "transactionEnded"),
                    ("ROLLBACK 1", "transactionEnded"),
                    ("BEGIN", "2"), ("GET k 7", "notFound"), ("GET k 0", "notFound"), ("GET k 2", "1"),
                    ("ROLLBACK 2", "OK"), ("COMMIT 2", "transactionEnded"), ("BEGIN", "3"), ("COMMITALL", "3 OK"),
                    ("COMMIT 3", "transactionEnded"), ("SHOWALL", "k=1"),
                ])
            // A caller that still holds the transaction gets the same error.
            let kept = await manager.begin()
            var scan = kept.entries().makeAsyncIterator()
            _ = try await scan.next()
            try await kept.commit()
            try context.expect(kept.isOpen, false, "whether it is open")
            try await context.expect(.transactionEnded, from: "a read") { _ = try await kept.get("k") }
            try await context.expect(.transactionEnded, from: "a question") { _ = try await kept.exists("k") }
            try await context.expect(.transactionEnded, from: "a scan") { _ = try await kept.list() }
            try await context.expect(.transactionEnded, from: "the next entry of a scan") { _ = try await scan.next() }
            try await context.expect(.transactionEnded, from: "a write") { try await kept.set("k", to: "2") }
            try await context.expect(.transactionEnded, from: "a deletion") { try await kept.delete(in: KeyRange.all) }
            try await context.expect(.transactionEnded, from: "a rollback") { try kept.rollback() }
            try await context.expect(.transactionEnded, from: "a commit") { try await kept.commit() }
        },
        Check("a disconnected client's transactions are rolled back, and waiting transactions continue") {
            context, store in
            let manager = TransactionManager(store)
            let client = TransactionScript(store, manager)
            try await context.expect(
                client,
                [("BEGIN", "1"), ("PUT a 1 1", "OK"), ("BEGIN", "2"), ("PUT b 1 2", "OK"), ("GET c 2", "nothing")])
            let other = await manager.begin()
            let waiting = Task {
                try await other.set("a", to: "2")
                try await other.set("b", to: "2")
                try await other.delete(in: KeyRange.prefix("c"))
                try await other.commit()
            }
            try await other.untilWaiting()
            await client.disconnect()
            try await waiting.value
            try context.expect(await manager.liveTransactions, [], "live transactions")
            try context.expect(
                await client.run(["GET a 1", "COMMIT 2"]), ["transactionEnded", "transactionEnded"], "1, 2")
            try await context.expect(store, holds: ["a", "b"].map { Entry(key: $0, value: "2") })
        },
        Check("commitAll makes one commit for each live transaction, and rollbackAll undoes all of them") {
            context, store in
            let manager = TransactionManager(store)
            var all: [LockingTransaction] = []
            for number in 1...20 {
                let transaction = await manager.begin()
                try await transaction.set(Bytes("\(number)a"), to: "1")
                try await transaction.set(Bytes("\(number)b"), to: "1")
                all.append(transaction)
            }
            _ = try await all[4].get("x")
            try await store.set("x", to: "taken")
            try all[9].rollback()
            let outcomes = await manager.commitAll()
            // A transaction that is no longer referenced would be rolled back.
            withExtendedLifetime(all) {}
            try context.expect(outcomes.map(\.id), (1...20).filter { $0 != 10 }, "the committed transactions")
            for outcome in outcomes {
                switch outcome.result {
                case .success(let result): try context.expect(result.isCommitted && outcome.id != 5, "\(outcome)")
                case .failure(let error):
                    try context.expect(error.code == .conflict && outcome.id == 5, "\(outcome.id): \(error)")
                }
            }
            try context.expect(try await store.list().count, 37, "how many entries there are")
            let last = [await manager.begin(), await manager.begin()]
            for transaction in last { try await transaction.set(Bytes("\(transaction.id)"), to: "1") }
            try context.expect(await manager.liveTransactions.map(\.writeCount), [1, 1], "pending writes")
            try context.expect(await manager.rollbackAll(), [21, 22], "the transactions rolled back")
            withExtendedLifetime(last) {}
            try context.expect(try await store.list().count, 37, "how many entries there are after a rollback")
        },
    ]
}

extension CheckContext {
    /// Expects each command of the script to return the given answer.
    func expect(_ client: TransactionScript, _ script: [(command: String, answer: String)]) async throws {
        let answers = await client.run(script.map(\.command))
        for (line, answer) in zip(script, answers) { try expect(answer, line.answer, line.command) }
    }
}

extension LockingTransaction {
    /// Waits until a call of this transaction waits for a lock.
    ///
    /// - Throws: a difference if none does in the end.
    func untilWaiting() async throws(Difference) {
        for _ in 0..<1_000_000 {
            if isWaiting { return }
            await Task.yield()
        }
        throw Difference("\(self) waits for no lock")
    }
}

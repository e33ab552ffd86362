import KVDS

extension StoreConformance {
    /// The operations of a service that identifies transactions by number, and known mistakes of such services.
    static let serviceChecks = [
        Check(.clientScript),
        Check(.rollbackKeepsOthers),
        Check(.secondWriter),
        Check(.deletedKey),
        Check(.endedNumbers) { context, store in
            // A caller that still holds the transaction gets the same error.
            let kept = await TransactionManager(store).begin()
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
        Check(.disconnectedClient),
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

import KVDS

extension StoreConformance {
    /// Transactions, alone and among other writers.
    static let transactionChecks = [
        Check("a transaction makes one commit and returns the result of its closure") { context, store in
            let before = try await store.set("a", to: "1").revision
            let result = try await store.withTransactionResult { tx in
                let old = try await tx.get("a")
                tx.set("a", to: "2")
                tx.set("b", to: "2")
                tx.delete("missing")
                return old
            }
            try context.expect(result.value, "1", "what the closure returned")
            try context.expect(result.revision?.rawValue, before.map { $0.rawValue + 1 }, "its revision")
            try context.expect(result.attempts, 1, "attempts")
            try context.expect(result.durability != nil, "a durability")
            try await context.expect(store, holds: [Entry(key: "a", value: "2"), Entry(key: "b", value: "2")])
        },
        Check("a transaction reads its own writes, which others see only after its commit") { context, store in
            try await store.write { batch in for key in ["a", "b", "c", "d"] as [Bytes] { batch.set(key, to: "0") } }
            try await store.withTransaction { tx in
                tx.set("b", to: "1")
                tx.set("e", to: "1")
                tx.delete(in: KeyRange(from: "c", to: "e"))
                tx.set("cc", to: "1")
                let wanted = [("a", "0"), ("b", "1"), ("cc", "1"), ("e", "1")].map {
                    Entry(key: Bytes($0), value: Bytes($1))
                }
                try await context.expect(tx, holds: wanted, "the transaction's entries")
                try context.expect(try await tx.list(limit: 3), Array(wanted[..<3]), "the first three")
                try context.expect(try await tx.list(order: .reverse, limit: 1), Array(wanted[3...]), "the last one")
                try context.expect(try await tx.list(KeyRange(from: "b", to: "cd")), Array(wanted[1...2]), "a range")
                try context.expect(try await tx.get(["a", "b", "c", "cc"]), ["0", "1", nil, "1"], "values")
                try context.expect(try await tx.exists("d"), false, "a deleted key")
                try context.expect(try await tx.withValue(for: "e") { $0.byteCount }, 1, "the bytes of a value")
                try context.expect(try await store.list().count, 4, "what others see")
                try context.expect(try await store.get("b"), "0", "a value that others see")
            }
            try context.expect(try await store.list().map(\.key), ["a", "b", "cc", "e"], "keys after the commit")
        },
        Check("an error thrown by the closure discards the transaction and is rethrown") { context, store in
            try await store.set("a", to: "1")
            do {
                try await store.withTransaction { tx in
                    _ = try await tx.get("a")
                    tx.set("a", to: "2")
                    try giveUp()
                }
                try context.expect(false, "an error")
            } catch is GivenUp {}
            try await context.expect(store, holds: [Entry(key: "a", value: "1")])
        },
        Check("an ended transaction throws .transactionEnded for reads and drops late writes") { context, store in
            try await store.set("a", to: "1")
            let (kept, scan) = try await store.withTransaction { tx in
                var scan = tx.entries().makeAsyncIterator()
                _ = try await scan.next()
                return (tx, scan)
            }
            kept.set("a", to: "2")
            kept.delete("a")
            var iterator = scan
            try context.expect(kept.isOpen, false, "whether it is open")
            try await context.expect(.transactionEnded, from: "get") { _ = try await kept.get("a") }
            try await context.expect(.transactionEnded, from: "exists") { _ = try await kept.exists("a") }
            try await context.expect(.transactionEnded, from: "a scan") { _ = try await kept.list() }
            try await context.expect(.transactionEnded, from: "an open scan") { _ = try await iterator.next() }
            try await context.expect(store, holds: [Entry(key: "a", value: "1")])
        },
        Check("a scan shows the transaction's own writes up to its first element, and no later ones") {
            context, store in
            try await store.write { batch in for key in ["a", "c", "e"] as [Bytes] { batch.set(key, to: "0") } }
            try await store.withTransaction { tx in
                tx.set("b", to: "1")
                var seen: [Bytes] = []
                for try await entry in tx.entries() {
                    seen.append(entry.key)
                    tx.delete("c")
                    tx.set("d", to: "1")
                    tx.set(Bytes("z\(seen.count)"), to: "1")
                }
                try context.expect(seen, ["a", "b", "c", "e"], "what the scan saw")
            }
            try context.expect(
                try await store.list().map(\.key), ["a", "b", "d", "e", "z1", "z2", "z3", "z4"], "keys after the commit"
            )
        },
        Check("a transaction refuses invalid keys, limits and attempt counts and changes nothing") { context, store in
            try await context.expect(.invalidKey, from: "a transaction that sets an empty key") {
                try await store.withTransaction { tx in
                    tx.set("a", to: "1")
                    tx.set("", to: "1")
                }
            }
            try await context.expect(.invalidKey, from: "a transaction that reads one") {
                try await store.withTransaction { tx in _ = try await tx.get("") }
            }
            try await context.expect(.invalidArgument, from: "no attempts") {
                try await store.withTransaction(options: TransactionOptions(maximumAttempts: 0)) { _ in }
            }
            try await context.expect(.invalidArgument, from: "a negative limit") {
                try await store.withTransaction { tx in _ = try await tx.list(limit: -1) }
            }
            try await context.expect(store, holds: [])
        },
        Check("a transaction commits with at least the requested durability") { context, store in
            for wanted in [Durability.buffered, .durable] {
                let result = try await store.withTransactionResult(options: TransactionOptions(durability: wanted)) {
                    tx in
                    tx.set("a", to: Bytes("\(try await tx.exists("a"))"))
                }
                let reached = result.durability ?? .volatile
                if context.suite.reopen != nil {
                    try context.expect(reached >= wanted, "\(reached) where \(wanted) is due")
                }
            }
        },
        Check("random transactions have the same effects as on a sorted array") { context, store in
            var input = RandomInput(random: context.random, limits: store.limits)
            var model = OrderedModel()
            for _ in 0..<max(20, context.suite.operations / 20) {
                model = try await runRandomTransaction(store, model, &input, context)
            }
            try await context.expect(store, holds: model.entries)
        },
    ]

    struct GivenUp: Error {}

    static func giveUp() throws { throw GivenUp() }

    /// Runs a transaction of random reads and writes. Some are rolled back.
    ///
    /// - Returns: the expected contents of the store afterwards.
    private static func runRandomTransaction(
        _ store: any KeyValueStore, _ model: OrderedModel, _ input: inout RandomInput, _ context: CheckContext
    ) async throws -> OrderedModel {
        let isGivenUp = input.random.oneIn(4)
        var input = input
        do {
            let (changed, next) = try await store.withTransaction(options: TransactionOptions(durability: .buffered)) {
                tx in
                var (seen, input) = (model, input)
                for _ in 0..<input.random.below(12) { try await makeRandomStep(tx, &seen, &input, context) }
                if isGivenUp { try giveUp() }
                return (seen, input)
            }
            input = next
            return changed
        } catch is GivenUp {
            return model
        }
    }

    private static func makeRandomStep(
        _ tx: Transaction, _ model: inout OrderedModel, _ input: inout RandomInput, _ context: CheckContext
    ) async throws {
        var batch = WriteBatch()
        let key = input.key()
        switch input.random.below(8) {
        case 0: try context.expect(try await tx.get(key), model[key], "the value of \(key)")
        case 1: try context.expect(try await tx.exists(key), model[key] != nil, "whether \(key) has a value")
        case 2, 3:
            let (range, limit) = (input.range(), input.random.oneIn(2) ? nil : input.random.below(6))
            let order = input.random.oneIn(2) ? ScanOrder.forward : .reverse
            try context.expect(
                try await tx.list(range, order: order, limit: limit),
                model.entries(in: range, order: order, limit: limit), "a scan of \(range)")
        case 4: batch.delete(in: input.range())
        case 5: batch.delete(key)
        default: batch.set(key, to: input.value())
        }
        for mutation in batch.mutations {
            switch mutation {
            case .set(let key, let value): tx.set(key, to: value)
            case .delete(let key): tx.delete(key)
            case .deleteRange(let range): tx.delete(in: range)
            }
        }
        _ = model.apply(batch)
    }
}

import KVDS

extension StoreConformance {
    /// Transactions over ranges of many pages: a change on a later page must count like one on the first page.
    static let pagedTransactionChecks = [
        Check("a transaction that scans many pages runs again for a change on any of them") { context, store in
            try await fillPages(store)
            for (round, order) in [ScanOrder.forward, .reverse].enumerated() {
                for change in changes(round) {
                    let runs = AtomicCounter()
                    let result = try await store.withTransactionResult(options: buffered) { tx in
                        let seen = try await tx.list(pages, order: order)
                        if runs.add() == 1 { try await store.write(durability: .buffered, change.make) }
                        tx.set("result", to: "1")
                        return seen
                    }
                    try context.expect(result.attempts, 2, "attempts after \(change.what), \(order)")
                    let there = try await store.list(pages, order: order)
                    try context.expect(result.value == there, "that it saw \(change.what), \(order)")
                }
            }
        },
        Check("every scan of a transaction, even one left on a late page, counts as far as it came") {
            context, store in
            try await fillPages(store)
            let cases: [(order: ScanOrder, key: Bytes, attempts: Int)] = [
                (.forward, Bytes(number: 397), 2), (.forward, Bytes(number: 398).successor, 1),
                (.reverse, Bytes(number: 201), 2), (.reverse, Bytes(number: 199), 1),
            ]
            for (order, key, attempts) in cases {
                let made = try await attemptsOfOne(store, setting: key) { tx in
                    var rest = 200
                    for try await _ in tx.entries(in: pages, order: order) {
                        rest -= 1
                        if rest == 0 { break }
                    }
                }
                try context.expect(made, attempts, "attempts after a new key beside \(key.number), \(order)")
            }
            let made = try await attemptsOfOne(store, setting: Bytes(number: 501)) { tx in
                _ = try await tx.list(KeyRange(to: Bytes(number: 300)))
                _ = try await tx.list(KeyRange(from: Bytes(number: 300), to: Bytes(number: 600)))
            }
            try context.expect(made, 2, "attempts after a new key in the second of two scans")
        },
        Check("either kind of transaction shows many pages as its writes and range deletions leave them") {
            context, store in
            for isLocking in [false, true] {
                var wanted = try await fillPages(store)
                let states = manyWrites.map { mutations -> OrderedModel in
                    var batch = WriteBatch()
                    batch.mutations = mutations
                    _ = wanted.apply(batch)
                    return wanted
                }
                if isLocking {
                    let tx = await TransactionManager(store, configuration: .init(durability: .buffered)).begin()
                    for (mutations, state) in zip(manyWrites, states) {
                        for mutation in mutations { try await tx.make(mutation) }
                        try await expectPages(context, tx, shows: state)
                    }
                    try await tx.commit()
                } else {
                    try await store.withTransaction(options: buffered) { tx in
                        for (mutations, state) in zip(manyWrites, states) {
                            for mutation in mutations { tx.make(mutation) }
                            try await expectPages(context, tx, shows: state)
                        }
                    }
                }
                try await expectPages(context, store, shows: states[states.count - 1])
            }
        },
        Check("a locking scan of many pages locks all of them and conflicts with a change on any of them") {
            context, store in
            try await fillPages(store)
            let manager = TransactionManager(store, configuration: .init(durability: .buffered))
            for order in [ScanOrder.forward, .reverse] {
                for key in [1, 301, 599].map({ Bytes(number: $0) }) {
                    let reader = await manager.begin()
                    try context.expect(try await reader.list(pages, order: order).count, 300, "entries, \(order)")
                    try await expectWaiting(manager, toSet: key) { () throws(StoreError) in try reader.rollback() }

                    let late = await manager.begin()
                    _ = try await late.list(pages, order: order)
                    try await late.set("result", to: "1")
                    try await store.write(durability: .buffered) { $0.set(key, to: "new") }
                    try await context.expect(.conflict, from: "a commit after a new key beside \(key.number), \(order)")
                    {
                        try await late.commit()
                    }
                    try await store.write(durability: .buffered) { $0.delete(key) }
                }
            }
        },
        Check("a locking scan with a limit of many pages locks up to its last entry and no further") {
            context, store in
            try await fillPages(store)
            let manager = TransactionManager(store, configuration: .init(durability: .buffered))
            let cases: [(order: ScanOrder, last: Int, behind: Int)] = [(.forward, 398, 399), (.reverse, 200, 199)]
            for (order, last, behind) in cases {
                let reader = await manager.begin()
                let seen = try await reader.list(pages, order: order, limit: 200)
                try context.expect(seen.count, 200, "entries, \(order)")
                try context.expect(seen.last?.key, Bytes(number: last), "the last key, \(order)")
                let writer = await manager.begin()
                try await writer.set(Bytes(number: behind), to: "new")
                try writer.rollback()
                try await expectWaiting(manager, toSet: Bytes(number: last)) { () throws(StoreError) in
                    try reader.rollback()
                }
            }
        },
    ]

    /// The range of the entries of ``fillPages(_:)``. It contains no other entries.
    private static let pages = KeyRange(to: "r")
    private static let buffered = TransactionOptions(durability: .buffered)

    /// Replaces the store's contents with 300 entries of 1,000 bytes, at the numbers 0, 2, …, 598. A page holds at most
    /// 64 KiB.
    @discardableResult
    private static func fillPages(_ store: any KeyValueStore) async throws(StoreError) -> OrderedModel {
        var batch = WriteBatch(durability: .buffered)
        batch.delete(in: KeyRange.all)
        for number in 0..<300 {
            batch.set(Bytes(number: 2 * number), to: Bytes(repeating: UInt8(number & 0xFF), count: 1_000))
        }
        try await store.commit(batch)
        var model = OrderedModel()
        _ = model.apply(batch)
        return model
    }

    private struct PageChange {
        let what: String
        let make: @Sendable (inout WriteBatch) -> Void
    }

    /// Changes on pages before, among and after the entries. They differ in each round.
    private static func changes(_ round: Int) -> [PageChange] {
        var changes = [1, 151, 301, 451, 599].map { number in
            PageChange(what: "a new key beside \(number)") { $0.set(Bytes(number: number + 2 * round), to: "new") }
        }
        changes.append(PageChange(what: "a new value at 500") { $0.set(Bytes(number: 500), to: Bytes(number: round)) })
        changes.append(PageChange(what: "a deletion near 510") { $0.delete(Bytes(number: 510 + 2 * round)) })
        return changes
    }

    /// Returns the number of attempts of a transaction if another commit sets `key` after its first reads. The key is
    /// deleted afterwards.
    private static func attemptsOfOne(
        _ store: any KeyValueStore, setting key: Bytes, _ read: (Transaction) async throws -> Void
    ) async throws -> Int {
        let runs = AtomicCounter()
        let attempts = try await store.withTransactionResult(options: buffered) { tx in
            try await read(tx)
            if runs.add() == 1 { try await store.write(durability: .buffered) { $0.set(key, to: "new") } }
            tx.set("result", to: "1")
        }.attempts
        try await store.write(durability: .buffered) { $0.delete(key) }
        return attempts
    }

    /// Expects another transaction that sets `key` to wait until `end` has been called.
    private static func expectWaiting(
        _ manager: TransactionManager, toSet key: Bytes, until end: () throws(StoreError) -> Void
    ) async throws {
        let writer = await manager.begin()
        let writing = Task {
            try await writer.set(key, to: "new")
            try writer.rollback()
        }
        try await writer.untilWaiting()
        try end()
        try await writing.value
    }

    /// First single deletions at both ends, then new keys between all existing ones, then range deletions.
    private static let manyWrites: [[WriteBatch.Mutation]] = {
        let ends = Array(0..<60) + Array(240..<300)
        let deletions = ends.map { WriteBatch.Mutation.delete(Bytes(number: 2 * $0)) }
        let additions = (0..<300).map { WriteBatch.Mutation.set(Bytes(number: 2 * $0 + 1), Bytes(number: $0)) }
        let ranges: [WriteBatch.Mutation] = [
            .deleteRange(KeyRange(from: Bytes(number: 100), to: Bytes(number: 500))),
            .set(Bytes(number: 205), "new"), .set(Bytes(number: 305), "new"), .delete(Bytes(number: 305)),
            .deleteRange(KeyRange(from: Bytes(number: 490), to: Bytes(number: 520))),
            .deleteRange(KeyRange(from: Bytes(number: 80), to: Bytes(number: 102))), .set(Bytes(number: 495), "new"),
        ]
        return [deletions, additions, ranges]
    }()

    private static func expectPages(_ context: CheckContext, _ reader: any StoreReader, shows model: OrderedModel)
        async throws
    {
        for order in [ScanOrder.forward, .reverse] {
            for limit in [nil, 1, 3, 70, 250] as [Int?] {
                let seen = try await reader.list(pages, order: order, limit: limit)
                let wanted = model.entries(in: pages, order: order, limit: limit)
                let what = "a scan with limit \(limit.map(String.init) ?? "none"), \(order)"
                try context.expect(seen.map(\.key.number), wanted.map(\.key.number), "the keys of \(what)")
                try context.expect(seen == wanted, "the values of \(what)")
            }
        }
        for number in stride(from: 0, to: 600, by: 7) {
            let key = Bytes(number: number)
            try context.expect(try await reader.get(key), model[key], "the value of \(number)")
        }
    }
}

extension Transaction {
    fileprivate func make(_ mutation: WriteBatch.Mutation) {
        switch mutation {
        case .set(let key, let value): set(key, to: value)
        case .delete(let key): delete(key)
        case .deleteRange(let range): delete(in: range)
        }
    }
}

extension LockingTransaction {
    fileprivate func make(_ mutation: WriteBatch.Mutation) async throws(StoreError) {
        switch mutation {
        case .set(let key, let value): try await set(key, to: value)
        case .delete(let key): try await delete(key)
        case .deleteRange(let range): try await delete(in: range)
        }
    }
}

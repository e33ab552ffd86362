import KVDS

extension StoreConformance {
    /// Subscriptions, transactions, lock waits, leases and counters, cancelled at each suspension point.
    static let cancelledLayerChecks = [
        Check("a subscription cancelled at any point ends, and other subscriptions miss nothing") { context, store in
            guard store.changeFeed != nil, store.snapshots != nil else { return }
            let write: @Sendable () async throws -> Void = {
                for number in 0..<3 {
                    try await store.write(durability: .buffered) { $0.set("k", to: Bytes(number: number)) }
                    await Task.yield()
                }
            }
            try await context.sweep("changes", store) { _ in
                let start = try await store.set("k", to: "0").revision ?? .zero
                let end = Revision(rawValue: start.rawValue + 3)
                let follow: @Sendable () async throws -> Void = {
                    for try await event in store.changes(since: start) where event.revision >= end { return }
                }
                return CancellationSweep.Case(victim: follow) {
                    async let following: Void = follow()
                    try await write()
                    try await following
                }
            }
            try await context.sweep("observe", store) { _ in
                try await store.set("k", to: "0")
                let follow: @Sendable () async throws -> Void = {
                    for try await entries in store.observe(prefix: "k") where entries.first?.value == Bytes(number: 2) {
                        return
                    }
                }
                return CancellationSweep.Case(victim: follow) {
                    async let following: Void = follow()
                    try await write()
                    try await following
                }
            }
        },
        Check("a transaction cancelled at any point commits or throws, and no other transaction is lost") {
            context, store in
            let increment: @Sendable (Bytes) async throws -> Void = { key in
                try await store.withTransaction(options: TransactionOptions(durability: .buffered)) { tx in
                    let number = try await tx.get(key)?.number ?? 0
                    for try await _ in tx.entries(prefix: key) {}
                    tx.set(key, to: Bytes(number: number + 1))
                }
            }
            try await context.sweep("transaction", store) { number in
                let key = Bytes("transaction/\(number)")
                return CancellationSweep.Case {
                    try await increment(key)
                } neighbour: {
                    for _ in 0..<2 { try await increment(key) }
                } check: { error in
                    try context.expect(try await store.get(key)?.number, error == nil ? 3 : 2, "the number")
                }
            }
        },
        Check("a call cancelled at any point of its wait for a lock leaves the queue and blocks no other") {
            context, store in
            let calls: [(String, @Sendable (LockingTransaction) async throws -> Void)] = [
                ("set", { try await $0.set("k", to: "1") }),
                ("delete", { try await $0.delete("k") }),
                ("delete of a range", { try await $0.delete(in: .prefix("k")) }),
                ("get", { _ = try await $0.get("k") }),
                ("getForUpdate", { _ = try await $0.getForUpdate("k") }),
                ("a scan", { for try await _ in $0.entries() {} }),
            ]
            for (name, call) in calls {
                try await context.sweep("\(name) under locks", store) { _ in
                    try await context.lockingCase(store, call)
                }
            }
        },
        Check("leases, counters and sequences stay correct when calls are cancelled at any point") { context, store in
            try await context.sweep("Counter.add", store) { number in
                let counter = Counter(Bytes("counter/\(number)"), in: store)
                let added = AtomicCounter()
                return CancellationSweep.Case {
                    for _ in 0..<2 {
                        try await counter.add(1)
                        added.add()
                    }
                } neighbour: {
                    for _ in 0..<2 { try await counter.add(1) }
                } check: { _ in
                    try context.expect(try await counter.value, 2 + added.value, "the counter")
                }
            }
            try await context.sweep("NumberSequence.next", store) { number in
                let sequence = NumberSequence(Bytes("sequence/\(number)"), in: store, blockLength: 2)
                let numbers = Monitor<[Int]>([])
                let take: @Sendable () async throws -> Void = {
                    for _ in 0..<3 {
                        let next = try await sequence.next()
                        numbers.withLock { $0.append(next) }
                    }
                }
                return CancellationSweep.Case(victim: take, neighbour: take) { _ in
                    let numbers = numbers.withLock { $0 }
                    try context.expect(Set(numbers).count, numbers.count, "numbers that were given out twice")
                }
            }
            try await context.sweepLease(store)
        },
    ]
}

extension CheckContext {
    /// A call that waits for a lock which a neighbour holds, with another transaction waiting behind it.
    fileprivate func lockingCase(
        _ store: any KeyValueStore, _ call: @escaping @Sendable (LockingTransaction) async throws -> Void
    ) async throws -> CancellationSweep.Case {
        let manager = TransactionManager(store, configuration: .init(durability: .buffered))
        let (holder, victim, next) = (await manager.begin(), await manager.begin(), await manager.begin())
        try await holder.set("k", to: "held")
        return CancellationSweep.Case {
            do {
                try await call(victim)
            } catch {
                // The transaction remains usable.
                _ = try? await victim.get("elsewhere")
                try victim.rollback()
                throw error
            }
            try await victim.commit()
        } neighbour: {
            async let waiting: Void = {
                try await next.set("k", to: "next")
                try await next.commit()
            }()
            for _ in 0..<3 { await Task.yield() }
            try await holder.commit()
            try await waiting
        } check: { _ in
            try self.expect(await manager.liveTransactions.map(\.id), [], "live transactions")
            try self.expect(manager.isIdle, true, "whether no lock is left")
            let value = try await store.get("k")
            try self.expect(value == "next" || value == "1" || value == nil, true, "\(value as Any)")
        }
    }

    fileprivate func sweepLease(_ store: any KeyValueStore) async throws {
        let clock = WallClock {
            .seconds(1_000)
        } sleep: { _ in
            try Task.checkCancellation()
            await Task.yield()
        }
        try await sweep("a lease", store) { number in
            let name = Bytes("lease/\(number)")
            let first = try await Lease.acquire(name, in: store, for: .seconds(9), clock: clock)
            return CancellationSweep.Case {
                let lease = try await Lease.acquire(
                    name, in: store, for: .seconds(9), waitingUpTo: .seconds(99), clock: clock)
                _ = try await lease?.renew()
                _ = try await lease?.release()
            } neighbour: {
                for _ in 0..<2 { await Task.yield() }
                try await first?.release()
            } check: { error in
                // The cancelled task may hold the lease until it expires. No other task can have acquired it.
                let next = try await Lease.acquire(name, in: store, for: .seconds(9), clock: clock)
                try self.expect(next != nil || error != nil, true, "whether it can be had")
            }
        }
    }
}

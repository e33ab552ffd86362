import KVDS

extension StoreConformance {
    /// Which transaction waits for which lock, in which order, and how a wait ends.
    static let lockWaitChecks = [
        Check(.readersAndWriter),
        Check("1,000 tasks lock one key in the order of their requests") { context, store in
            let count = 1_000
            let manager = TransactionManager(store, configuration: .init(lockTimeout: nil, durability: .buffered))
            let first = await manager.begin()
            try await first.set("k", to: Bytes(number: 0))
            try await withThrowingTaskGroup(of: Int.self) { tasks in
                for number in 1...count {
                    let tx = await manager.begin()
                    tasks.addTask {
                        // The value is the number of the task before this one.
                        let before = try await tx.getForUpdate("k")?.number ?? -1
                        try await tx.set("k", to: Bytes(number: number))
                        try await tx.commit()
                        return number - before
                    }
                    try await tx.untilWaiting()
                }
                try await first.commit()
                for try await distance in tasks { try context.expect(distance, 1, "the number before one's own") }
            }
            try context.expect(try await store.get("k")?.number, count, "the value in the end")
        },
        Check(.scannedRange),
        Check(.limitedScan),
        Check(.limitedScanAfterWaiting),
        Check(.onlyReaderUpgrades),
        Check("a deadlock of three transactions rolls back only the youngest, at once") {
            context, store in
            let manager = TransactionManager(store, configuration: .init(lockTimeout: nil))
            for closing in 0..<3 {
                var all: [LockingTransaction] = []
                for number in 0..<3 {
                    let tx = await manager.begin()
                    try await tx.set(Bytes("key\(number)"), to: Bytes("\(tx.id)"))
                    all.append(tx)
                }
                var calls: [Task<(code: StoreError.Code, at: ContinuousClock.Instant)?, Never>] = []
                var closed = ContinuousClock.now
                for step in 1...3 {
                    let number = (closing + step) % 3
                    let tx = all[number]
                    closed = .now
                    calls.append(
                        Task {
                            do throws(StoreError) {
                                try await tx.set(Bytes("key\((number + 1) % 3)"), to: Bytes("\(tx.id)"))
                                try await tx.commit()
                                return nil
                            } catch {
                                return (error.code, .now)
                            }
                        })
                    if step < 3 { try await tx.untilWaiting() }
                }
                var codes: [StoreError.Code] = []
                for call in calls {
                    guard let (code, at) = await call.value else { continue }
                    codes.append(code)
                    // The others still have to commit, which may take long on a busy disk, so only the error's time is
                    // checked.
                    try context.expect(at - closed < .seconds(1), true, "in less than a second")
                }
                try context.expect(codes, [.deadlock], "what the three threw, \(closing) having closed the circle")
                try context.expect(all[2].isOpen, false, "whether the youngest is open")
                try await context.expect(.transactionEnded, from: "a commit of the youngest") {
                    try await all[2].commit()
                }
                try context.expect(
                    try await store.list().contains { $0.value == Bytes("\(all[2].id)") }, false, "its writes")
            }
        },
        Check("a cancelled waiter leaves the lock queue, and its transaction stays usable") { context, store in
            let manager = TransactionManager(store, configuration: .init(lockTimeout: nil))
            let (holder, waiter, behind) = (await manager.begin(), await manager.begin(), await manager.begin())
            _ = try await holder.get("k")
            try await waiter.set("own", to: "1")
            let waiting = Task { try await waiter.set("k", to: "2") }
            try await waiter.untilWaiting()
            let reading = Task { try await behind.get("k") }
            try await behind.untilWaiting()
            waiting.cancel()
            try await context.expect(.cancelled, from: "the cancelled call") { try await waiting.value }
            try context.expect(try await reading.value, nil, "what the one behind it reads")
            try context.expect(await manager.liveTransactions.map(\.lockCount), [1, 1, 1], "locks")
            // A task that is cancelled before its call gets the same error, but may still take a lock that is free.
            let late = Task { () async throws -> Void in
                await untilCancelled()
                try await waiter.set("free", to: "1")
                try await waiter.set("k", to: "2")
            }
            late.cancel()
            try await context.expect(.cancelled, from: "a call of a cancelled task") { try await late.value }
            try await waiter.commit()
            try context.expect(try await store.list().map(\.key), ["free", "own"], "what the waiter wrote")
        },
        Check("a wait for a lock times out by the manager's clock, and the transaction stays usable") {
            context, store in
            let clock = ManualClock()
            let manager = TransactionManager(store, configuration: .init(lockTimeout: .seconds(5)), clock: clock)
            let (holder, waiter) = (await manager.begin(), await manager.begin())
            try await holder.set("k", to: "1")
            try await waiter.set("own", to: "2")
            let waiting = Task { try await waiter.get("k") }
            await clock.sleepers(1)
            clock.advance(by: .milliseconds(4_999))
            try context.expect(waiter.isWaiting, true, "whether it waits before the limit")
            clock.advance(by: .milliseconds(1))
            try await context.expect(.lockTimeout, from: "a call after the limit") { _ = try await waiting.value }
            try context.expect(waiter.isWaiting, false, "whether it waits after the limit")
            let again = Task { try await waiter.get("k") }
            await clock.sleepers(1)
            try await holder.commit()
            try context.expect(try await again.value, "1", "the value, once the lock is free")
            try await waiter.commit()
            try context.expect(try await store.list().count, 2, "entries")
        },
        Check(.endedWhileWaiting),
    ]
}

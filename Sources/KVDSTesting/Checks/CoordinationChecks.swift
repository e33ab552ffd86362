import KVDS

extension StoreConformance {
    /// Leases, counters and sequences, with a manual clock.
    static let coordinationChecks = [
        Check("a lease has one holder until it expires; the next holder gets a greater fencing token") {
            context, store in
            let clock = ManualClock()
            let first = try await acquire(store, clock)
            try context.expect(first?.isHeld, true, "whether the first holds it")
            try context.expect(try await acquire(store, clock)?.owner, nil, "a second holder")
            clock.advance(by: .microseconds(9_999_999))
            try context.expect(try await acquire(store, clock)?.owner, nil, "a second holder just before the end")
            clock.advance(by: .microseconds(1))
            try context.expect(first?.isHeld, false, "whether the first holds it when it has expired")
            let second = try await acquire(store, clock)
            try context.expect(second?.isHeld, true, "whether the second holds it")
            try context.expect(
                (second?.fencingToken ?? 0) > (first?.fencingToken ?? 0), true, "a greater fencing token")
        },
        Check("a holder cannot renew or release a lease that it has lost or that another holds") { context, store in
            let clock = ManualClock()
            let first = try await acquire(store, clock)
            clock.advance(by: .seconds(10))
            try context.expect(try await first?.renew(), false, "renewal of an expired lease")
            let second = try await acquire(store, clock)
            let record = try await store.get("lock")
            try context.expect(try await first?.renew(), false, "renewal by the first")
            try context.expect(try await first?.release(), false, "release by the first")
            try context.expect(try await store.get("lock"), record, "the lease")
            try context.expect(try await second?.release(), true, "release by the second")
            try context.expect(second?.isHeld, false, "whether the second holds it after its release")
            try context.expect(try await second?.release(), false, "a second release")
            try context.expect(try await second?.renew(), false, "renewal of a released lease")
            let third = try await acquire(store, clock)
            try context.expect(
                (third?.fencingToken ?? 0) > (second?.fencingToken ?? 0), true, "whether the fencing token grows")
            try context.expect(try await second?.release(), false, "release by the second, of the third's")
            try context.expect(third?.isHeld, true, "whether the third holds it")
        },
        Check("a lease that is renewed in time does not expire, and keeps its fencing token") { context, store in
            let clock = ManualClock()
            let lease = try await acquire(store, clock)
            for _ in 0..<5 {
                clock.advance(by: .seconds(9))
                try context.expect(try await lease?.renew(), true, "renewal")
                try context.expect(try await acquire(store, clock)?.owner, nil, "another holder")
            }
            try context.expect(lease?.expiry, clock.offset + .seconds(10), "when it ends")
        },
        Check("a waiter for a lease gets it on release or expiry, or gives up when its patience ends") {
            context, store in
            let clock = ManualClock()
            let first = try await acquire(store, clock)
            let second = Task { try await acquire(store, clock, patience: .seconds(60)) }
            await clock.sleepers(1)
            try await first?.release()
            try await untilDone(second, clock, steps: .seconds(1))
            let lease = try await second.value
            // The second caller retried long before the first lease would have expired.
            try context.expect(lease?.expiry, .seconds(1 + 10), "when the second's ends")
            let third = Task { try await acquire(store, clock, patience: .seconds(60)) }
            try await untilDone(third, clock, steps: .seconds(1))
            try context.expect(try await third.value?.isHeld, true, "whether the third holds it")
            try context.expect(lease?.isHeld, false, "whether the second holds it then")
            let fourth = Task { try await acquire(store, clock, patience: .seconds(3)) }
            try await untilDone(fourth, clock, steps: .seconds(1))
            try context.expect(try await fourth.value?.owner, nil, "a caller that gave up")
        },
        Check("exactly one of 64 tasks that ask for a lease gets it, in every round") { context, store in
            let clock = ManualClock()
            var fences: [UInt64] = []
            for _ in 0..<5 {
                // All 64 tasks read before any of them writes, so all find the lease free.
                let store = RendezvousStore(store, commits: 64)
                let leases = try await withThrowingTaskGroup(of: Lease?.self) { tasks in
                    for _ in 0..<64 { tasks.addTask { try await acquire(store, clock) } }
                    return try await tasks.reduce(into: [Lease]()) { $0 += $1.map { [$0] } ?? [] }
                }
                try context.expect(leases.count, 1, "how many got it")
                fences += leases.map(\.fencingToken)
                clock.advance(by: .seconds(10))
            }
            try context.expect(fences, fences.sorted(), "the fences")
            try context.expect(Set(fences).count, 5, "how many fences")
        },
        Check("a lease or counter refuses a key that holds another value and leaves it unchanged") { context, store in
            let others: [Bytes] = ["", "hello", "1 2", "1 x y", [0xFF, 0x20, 0x31, 0x20]]
            for other in others {
                try await store.set("lock", to: other)
                try await context.expect(.invalidValue, from: "acquire") { _ = try await acquire(store, ManualClock()) }
                try await context.expect(.invalidValue, from: "add") { try await Counter("lock", in: store).add() }
                try context.expect(try await store.get("lock"), other, "the value")
            }
            try await store.set("lock", to: Bytes(String(Int.max)))
            try await context.expect(.invalidValue, from: "add") { try await Counter("lock", in: store).add() }
            try context.expect(try await Counter("lock", in: store).value, .max, "the counter")
            try await context.expect(.invalidArgument, from: "a lease of no time") {
                _ = try await Lease.acquire("other", in: store, for: .zero)
            }
        },
        Check("16 tasks that add to one counter never get the same number") { context, store in
            let counter = Counter("counter", in: RendezvousStore(store, commits: 16))
            let numbers = try await withThrowingTaskGroup(of: [Int].self) { tasks in
                for _ in 0..<16 {
                    tasks.addTask {
                        var numbers: [Int] = []
                        for _ in 0..<5 { numbers.append(try await counter.add(2)) }
                        return numbers
                    }
                }
                return try await tasks.reduce(into: [Int]()) { $0 += $1 }
            }
            try context.expect(numbers.sorted(), Array(stride(from: 2, through: 160, by: 2)), "the numbers")
            try context.expect(try await counter.add(-161), -1, "a counter below zero")
        },
        Check("a sequence gives out each number once, also in blocks") { context, store in
            for blockLength in [1, 7] {
                let key = Bytes("sequence:\(blockLength)")
                let sequences = (0..<3).map { _ in NumberSequence(key, in: store, blockLength: blockLength) }
                let numbers = try await withThrowingTaskGroup(of: [Int].self) { tasks in
                    for task in 0..<12 {
                        tasks.addTask {
                            var numbers: [Int] = []
                            for _ in 0..<4 { numbers.append(try await sequences[task % 3].next()) }
                            try context.expect(numbers, numbers.sorted(), "what one task is given")
                            return numbers
                        }
                    }
                    return try await tasks.reduce(into: [Int]()) { $0 += $1 }
                }
                try context.expect(Set(numbers).count, 48, "how many numbers there are")
                try context.expect(numbers.min(), 1, "the first one")
                let last = try await Counter(key, in: store).value
                try context.expect(last, blockLength == 1 ? 48 : 63, "the last one reserved")
            }
        },
    ]

    private static func acquire(
        _ store: any KeyValueStore, _ clock: ManualClock, patience: Duration = .zero
    ) async throws(StoreError) -> Lease? {
        let wall = WallClock {
            clock.offset
        } sleep: {
            try await clock.sleep(for: $0)
        }
        return try await Lease.acquire("lock", in: store, for: .seconds(10), waitingUpTo: patience, clock: wall)
    }

    /// Advances the clock by `steps` each time a task sleeps, until `task` has ended.
    private static func untilDone(_ task: Task<Lease?, any Error>, _ clock: ManualClock, steps: Duration) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { _ = try await task.value }
            tasks.addTask {
                while !Task.isCancelled {
                    if !clock.pauses.isEmpty { clock.advance(by: steps) }
                    await Task.yield()
                }
            }
            try await tasks.next()
            tasks.cancelAll()
        }
    }
}

extension ManualClock {
    fileprivate var offset: Duration { now.offset }
}

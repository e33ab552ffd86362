import KVDSTesting
import Testing

@testable import KVDS

@Suite("LockManager", .timeLimit(.minutes(2)))
struct LockManagerTests {
    @Test("tasks that lock, wait and release at random never hold conflicting locks and leave none")
    func exclusion() async {
        let keeper = LockManager(clock: ContinuousClock())
        let keys = (0..<6).map { Key(range: .key(Bytes("\($0)"))) }
        let owners = Count()
        let granted = Count()
        await withTaskGroup(of: Void.self) { tasks in
            for seed in 0..<16 as Range<UInt64> {
                tasks.addTask {
                    var random = SplitMix64(seed: seed)
                    for _ in 0..<150 {
                        let owner = LockOwnerID(rawValue: owners.add())
                        keeper.begin(owner)
                        let count = 1 + Int(random.next() % 3)
                        // In a fixed order, so that there is no deadlock: a victim would lose its locks before it
                        // knows.
                        let wanted = keys.indices.shuffled(using: &random).prefix(count).sorted()
                        let modes = wanted.map { _ in random.next() % 2 == 0 ? LockMode.shared : .exclusive }
                        let limit: Duration? = random.next() % 4 == 0 ? .microseconds(50) : nil
                        let work = Task {
                            var held: [(Key, LockMode)] = []
                            for (index, mode) in zip(wanted, modes) {
                                let key = keys[index]
                                let outcome = await keeper.lock(mode, key.range, for: owner, atMost: limit)
                                guard outcome == .granted else { break }
                                granted.add()
                                key.enter(mode)
                                held.append((key, mode))
                            }
                            await Task.yield()
                            for (key, mode) in held { key.leave(mode) }
                            keeper.release(owner)
                        }
                        if random.next() % 4 == 0 { work.cancel() }
                        await work.value
                    }
                }
            }
        }
        #expect(keys.allSatisfy { $0.meetings == 0 })
        #expect(granted.value > 1_000)
        #expect(keeper.isIdle)
    }

    @Test("each random deadlock is broken by a victim, and all tasks come to an end")
    func circles() async {
        let keeper = LockManager(clock: ContinuousClock())
        let owners = Count()
        let victims = Count()
        let winners = Count()
        await withTaskGroup(of: Void.self) { tasks in
            for seed in 0..<16 as Range<UInt64> {
                tasks.addTask {
                    var random = SplitMix64(seed: seed)
                    for _ in 0..<100 {
                        let owner = LockOwnerID(rawValue: owners.add())
                        keeper.begin(owner)
                        var outcome = LockManager.Outcome.granted
                        for _ in 0..<3 where outcome == .granted {
                            let range = KeyRange.key(Bytes("\(random.next() % 4)"))
                            let mode: LockMode = random.next() % 2 == 0 ? .shared : .exclusive
                            outcome = await keeper.lock(mode, range, for: owner, atMost: nil)
                            await Task.yield()
                        }
                        if outcome == .deadlock {
                            #expect(!keeper.isOpen(owner))
                            victims.add()
                        } else {
                            winners.add()
                            keeper.release(owner)
                        }
                    }
                }
            }
        }
        #expect(victims.value > 0)
        #expect(winners.value > 100)
        #expect(keeper.isIdle)
    }

    @Test("a waiter that was cancelled, timed out or granted leaves no trace and no timer")
    func traces() async throws {
        let clock = ManualClock()
        let keeper = LockManager(clock: clock)
        for owner in 1...4 as ClosedRange<LockOwnerID> { keeper.begin(owner) }
        #expect(await keeper.lock(.exclusive, .key("k"), for: 1, atMost: .seconds(1)) == .granted)
        #expect(clock.pauses.isEmpty)
        let cancelled = Task { await keeper.lock(.shared, .key("k"), for: 2, atMost: .seconds(1)) }
        let late = Task { await keeper.lock(.shared, .all, for: 3, atMost: .seconds(2)) }
        await clock.sleepers(2)
        #expect(keeper.waitingCount == 2)
        cancelled.cancel()
        #expect(await cancelled.value == .cancelled)
        #expect(clock.pauses == [.seconds(2)])
        clock.advance(by: .seconds(2))
        #expect(await late.value == .timeout)
        #expect(keeper.waitingCount == 0)
        let patient = Task { await keeper.lock(.shared, .key("k"), for: 4, atMost: .seconds(3)) }
        await clock.sleepers(1)
        for owner in 2...3 as ClosedRange<LockOwnerID> {
            #expect(keeper.counts(owner) == (0, 0))
            keeper.release(owner)
        }
        #expect(keeper.counts(1) == (1, 0))
        keeper.release(1)
        #expect(await patient.value == .granted)
        #expect(clock.pauses.isEmpty)
        keeper.release(4)
        #expect(keeper.isIdle)
    }

    @Test("transactions begun, used, listed and dropped by many tasks leave nothing behind")
    func dropping() async throws {
        let store = MemoryStore()
        let manager = TransactionManager(store, configuration: .init(lockTimeout: nil))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 0..<16 {
                tasks.addTask {
                    for round in 0..<60 {
                        let transaction = await manager.begin()
                        try await transaction.set(Bytes("\((number + round) % 5)"), to: Bytes("\(transaction.id)"))
                        if round.isMultiple(of: 3) { try await transaction.commit() }
                        if round.isMultiple(of: 7) { _ = await manager.pendingWrites }
                        if round.isMultiple(of: 5) { _ = await manager.liveTransactions }
                        // The other transactions end with their last reference.
                    }
                }
            }
            try await tasks.waitForAll()
        }
        #expect(manager.locks.isIdle)
        #expect(await manager.liveTransactions.isEmpty)
        #expect(try await store.statistics().engine.revision.rawValue == 16 * 20)
        let next = await manager.begin()
        #expect(next.id == 16 * 60 + 1)
    }

    private final class Count: Sendable {
        private let number = Monitor<UInt64>(0)

        var value: UInt64 { number.withLock { $0 } }

        @discardableResult
        func add() -> UInt64 {
            number.withLock { number in
                number += 1
                return number
            }
        }
    }

    /// A resource for many readers or one writer, which counts its users.
    private final class Key: Sendable {
        let range: KeyRange
        private let visitors = Monitor((readers: 0, writers: 0, meetings: 0))

        init(range: KeyRange) { self.range = range }

        var meetings: Int { visitors.withLock { $0.meetings } }

        func enter(_ mode: LockMode) {
            visitors.withLock { visitors in
                if visitors.writers > 0 || (mode == .exclusive && visitors.readers > 0) { visitors.meetings += 1 }
                if mode == .shared { visitors.readers += 1 } else { visitors.writers += 1 }
            }
        }

        func leave(_ mode: LockMode) {
            visitors.withLock { if mode == .shared { $0.readers -= 1 } else { $0.writers -= 1 } }
        }
    }
}

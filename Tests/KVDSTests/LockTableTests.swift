import Testing

@testable import KVDS

@Suite("LockTable")
struct LockTableTests {
    @Test("readers share a key, and a writer waits for all of them")
    func readers() {
        let locks = Locks(owners: 5)
        for reader: LockOwnerID in 1...4 { #expect(locks.request(.shared, "k", reader) == .granted) }
        #expect(locks.request(.exclusive, "k", 5) == .waits(5))
        for reader: LockOwnerID in 1...3 { #expect(locks.release(reader).isEmpty) }
        #expect(locks.release(4) == [5])
        #expect(locks.release(5).isEmpty)
        #expect(locks.table.isIdle)
    }

    @Test("readers behind a waiting writer wait for it and are then granted together")
    func fairness() {
        let locks = Locks(owners: 5)
        #expect(locks.request(.shared, "k", 1) == .granted)
        #expect(locks.request(.exclusive, "k", 2) == .waits(2))
        for reader: LockOwnerID in 3...5 {
            #expect(locks.request(.shared, "k", reader) == .waits(LockRequestID(of: reader)))
        }
        #expect(locks.release(1) == [2])
        #expect(locks.release(2) == [3, 4, 5])
    }

    @Test("requests for one key are granted in the order of their arrival", arguments: [2, 1_000] as [LockOwnerID])
    func order(_ count: LockOwnerID) {
        let locks = Locks(owners: count)
        #expect(locks.request(.exclusive, "k", 1) == .granted)
        for owner in 2...count {
            #expect(locks.request(.exclusive, "k", owner) == .waits(LockRequestID(of: owner)))
        }
        for owner in 1..<count { #expect(locks.release(owner) == [LockRequestID(of: owner).next]) }
        #expect(locks.release(count).isEmpty)
        #expect(locks.table.isIdle)
    }

    @Test("twenty times as many waiters take about twenty times as long")
    func growth() {
        func time(_ count: LockOwnerID) -> Duration {
            let locks = Locks(owners: count)
            return ContinuousClock().measure {
                for owner in 1...count { _ = locks.request(.exclusive, Bytes("own \(owner.rawValue)"), owner) }
                for owner in 1...count {
                    _ = locks.request(owner.rawValue % 10 == 0 ? .exclusive : .shared, "k", owner)
                }
                for owner in 1...count { _ = locks.release(owner) }
            }
        }
        let few = (0..<3).map { _ in time(1_000) }.min() ?? .zero
        // The factor would be four hundred if each request were compared with all others.
        #expect(time(20_000) < few * 100)
    }

    @Test("the only reader of a key upgrades to a writer although others wait")
    func upgrade() {
        let locks = Locks(owners: 3)
        #expect(locks.request(.shared, "k", 1) == .granted)
        #expect(locks.request(.exclusive, "k", 2) == .waits(2))
        #expect(locks.request(.shared, "k", 3) == .waits(3))
        #expect(locks.request(.exclusive, "k", 1) == .granted)
        #expect(locks.request(.shared, "k", 1) == .granted)
        #expect(locks.release(1) == [2])
    }

    @Test("when two readers both upgrade, the older one waits and the younger one is the victim")
    func twoUpgrades() {
        let locks = Locks(owners: 2)
        #expect(locks.request(.shared, "k", 1) == .granted)
        #expect(locks.request(.shared, "k", 2) == .granted)
        #expect(locks.request(.exclusive, "k", 1) == .waits(3))
        #expect(locks.request(.exclusive, "k", 2) == .deadlock)
        #expect(locks.wakeups == [LockTable.Wakeup(ticket: 3, outcome: .granted)])
        #expect(Array(locks.table.owners.keys) == [1])
    }

    @Test("a range lock blocks new keys inside it and is compatible with locks beside it")
    func ranges() {
        let locks = Locks(owners: 4)
        #expect(locks.request(.shared, KeyRange.prefix("user:"), 1) == .granted)
        #expect(locks.request(.shared, "user:1", 2) == .granted)
        #expect(locks.request(.exclusive, "user;", 2) == .granted)
        #expect(locks.request(.exclusive, "user", 2) == .granted)
        #expect(locks.request(.exclusive, "user:new", 3) == .waits(5))
        #expect(locks.request(.exclusive, KeyRange(from: "user:x", to: "z"), 4) == .waits(6))
        #expect(locks.request(.exclusive, KeyRange(from: "z", to: "a"), 4) == .granted, "an empty range")
        #expect(locks.release(1) == [5])
        #expect(locks.release(2) == [6])
    }

    @Test("a cycle of three is broken by the request that closes it, with the youngest as victim")
    func three() {
        // Each of the three closes the cycle once.
        for start: UInt64 in 0..<3 {
            let locks = Locks(owners: 3)
            let keys: [Bytes] = ["a", "b", "c"]
            for owner: LockOwnerID in 1...3 {
                #expect(locks.request(.exclusive, keys[Int(owner.rawValue) - 1], owner) == .granted)
            }
            var last: LockTable.Answer?
            for step: UInt64 in 0..<3 {
                let owner = (start + step) % 3 + 1
                last = locks.request(.exclusive, keys[Int(owner) % 3], LockOwnerID(rawValue: owner))
            }
            let closing = (start + 2) % 3 + 1
            if closing == 3 { #expect(last == .deadlock) } else { #expect(last != .deadlock) }
            #expect(locks.table.owners.keys.sorted() == [1, 2], "closed by \(closing)")
            #expect(locks.wakeups.filter { $0.outcome == .deadlock }.count == (closing == 3 ? 0 : 1))
        }
    }

    @Test("an owner that blocks a waiter overtakes it, so that it does not wait for itself")
    func passing() {
        let locks = Locks(owners: 3)
        #expect(locks.request(.exclusive, "a", 1) == .granted)
        #expect(locks.request(.shared, "b", 2) == .granted)
        #expect(locks.request(.shared, "a", 2) == .waits(3))
        #expect(locks.request(.exclusive, "b", 3) == .waits(4))
        // 3 waits for 2, and 2 waits for 1.
        #expect(locks.request(.shared, "b", 1) == .granted)
        #expect(locks.wakeups.isEmpty)
    }

    @Test("an overtaken waiter does not delay the waiters behind it that are not overtaken")
    func partlyPassed() {
        let locks = Locks(owners: 4)
        #expect(locks.request(.exclusive, "a", 1) == .granted)
        #expect(locks.request(.exclusive, "k", 3) == .granted)
        // 2 makes two concurrent requests, like a transaction used from several tasks.
        #expect(locks.request(.shared, "a", 2) == .waits(3))
        #expect(locks.request(.shared, "k", 2) == .waits(4))
        #expect(locks.request(.shared, "k", 4) == .waits(5))
        // It overtakes 2, which waits for "a", but not 4.
        #expect(locks.request(.exclusive, "k", 1) == .waits(6))
        #expect(locks.release(3) == [5])
        #expect(locks.release(4) == [6])
        #expect(locks.release(1) == [3, 4])
    }

    @Test("a cancelled waiter leaves no trace, and the requests behind it are granted")
    func cancel() {
        let locks = Locks(owners: 4)
        #expect(locks.request(.shared, "k", 1) == .granted)
        #expect(locks.request(.exclusive, "k", 2) == .waits(2))
        #expect(locks.request(.shared, "k", 3) == .waits(3))
        #expect(locks.request(.exclusive, "x", 4) == .granted)
        #expect(locks.request(.exclusive, KeyRange.all, 4) == .waits(5))
        #expect(locks.cancel(2))
        #expect(locks.wakeups == [LockTable.Wakeup(ticket: 3, outcome: .granted)])
        #expect(!locks.cancel(2))
        #expect(locks.cancel(5))
        #expect(locks.table.requests.isEmpty)
        #expect(locks.table.owners.values.allSatisfy { $0.waiting.isEmpty })
        #expect(locks.table.places.count == 2)
        // Repeating the request shows that nothing of the first one is left.
        #expect(locks.request(.exclusive, "k", 2) == .waits(6))
        #expect(locks.cancel(6))
        for owner: LockOwnerID in 1...4 { #expect(locks.release(owner).isEmpty) }
        #expect(locks.table.isIdle)
    }

    @Test("an owner that begins its release keeps its locks and gets no more")
    func sealing() {
        let locks = Locks(owners: 2)
        #expect(locks.request(.exclusive, "a", 1) == .granted)
        #expect(locks.request(.exclusive, "b", 2) == .granted)
        #expect(locks.request(.exclusive, "b", 1) == .waits(3))
        #expect(locks.beginRelease(1))
        #expect(locks.wakeups == [LockTable.Wakeup(ticket: 3, outcome: .hasEnded)])
        #expect(!locks.beginRelease(1))
        #expect(locks.request(.shared, "c", 1) == .hasEnded)
        #expect(locks.request(.shared, "a", 2) == .waits(4))
        #expect(locks.release(1) == [4])
        #expect(locks.request(.shared, "c", 1) == .hasEnded)
    }
}

@Suite("LockTable, with owners that make several requests")
struct LockTableOwnersTests {
    @Test("readers ahead of a writer are granted together, and the writer after them")
    func readersFirst() {
        let locks = Locks(owners: 4)
        #expect(locks.request(.exclusive, "k", 1) == .granted)
        for reader: LockOwnerID in 2...3 {
            #expect(locks.request(.shared, "k", reader) == .waits(LockRequestID(of: reader)))
        }
        #expect(locks.request(.exclusive, "k", 4) == .waits(4))
        #expect(locks.release(1) == [2, 3])
        #expect(locks.release(2).isEmpty)
        #expect(locks.release(3) == [4])
    }

    @Test("requests behind an owner that ends while it waits are granted")
    func behindTheDead() {
        let locks = Locks(owners: 3)
        #expect(locks.request(.shared, "k", 1) == .granted)
        #expect(locks.request(.exclusive, "k", 2) == .waits(2))
        #expect(locks.request(.shared, "k", 3) == .waits(3))
        #expect(locks.release(2) == [3])
    }

    @Test("the second request of an owner is granted although its first one still waits")
    func twoRequests() {
        let locks = Locks(owners: 3)
        #expect(locks.request(.shared, "k", 1) == .granted)
        #expect(locks.request(.exclusive, "k", 2) == .waits(2))
        #expect(locks.request(.exclusive, "k", 3) == .waits(3))
        #expect(locks.request(.shared, "k", 3) == .waits(4))
        #expect(locks.cancel(2))
        #expect(locks.wakeups == [LockTable.Wakeup(ticket: 4, outcome: .granted)])
        #expect(locks.release(1) == [3])
    }

    @Test("an owner with an exclusive lock keeps it when it is granted a shared lock, too")
    func sharedAfterExclusive() {
        let locks = Locks(owners: 3)
        #expect(locks.request(.exclusive, "k", 1) == .granted)
        #expect(locks.request(.exclusive, "k", 2) == .waits(2))
        #expect(locks.request(.shared, "k", 2) == .waits(3))
        #expect(locks.release(1) == [2, 3])
        #expect(locks.request(.exclusive, "x", 3) == .granted)
        #expect(locks.request(.shared, "k", 3) == .waits(5))
        // So 3 waits for 2, and this request closes a cycle.
        #expect(locks.request(.exclusive, "x", 2) == .granted)
        #expect(locks.wakeups == [LockTable.Wakeup(ticket: 5, outcome: .deadlock)])
    }

    @Test("an overtaken waiter waits for its overtaker, whatever else it waits for")
    func passedForLong() {
        let locks = Locks(owners: 4)
        #expect(locks.request(.exclusive, "a", 1) == .granted)
        #expect(locks.request(.shared, "k1", 2) == .granted)
        #expect(locks.request(.exclusive, "k2", 4) == .granted)
        #expect(locks.request(.exclusive, "z", 3) == .granted)
        #expect(locks.request(.exclusive, "a", 2) == .waits(5))
        #expect(locks.request(.exclusive, KeyRange.prefix("k"), 3) == .waits(6))
        // 3 waits for 2, and 2 waits for 1. So 1 overtakes 3 and waits for 4.
        #expect(locks.request(.shared, "k2", 1) == .waits(7))
        #expect(locks.cancel(5))
        // 2 no longer waits, but 3 still waits for 1.
        #expect(locks.request(.exclusive, "z", 1) == .granted)
        #expect(locks.wakeups == [LockTable.Wakeup(ticket: 6, outcome: .deadlock)])
        #expect(locks.table.owners.keys.sorted() == [1, 2, 4])
    }
}

/// A table, its owners, and the wakeups of the last call.
private final class Locks {
    private(set) var table = LockTable()
    private(set) var wakeups: [LockTable.Wakeup] = []

    init(owners: LockOwnerID) {
        for owner in 1...owners { table.begin(owner) }
    }

    func request(_ mode: LockMode, _ range: KeyRange, _ owner: LockOwnerID) -> LockTable.Answer {
        wakeups = []
        return table.request(mode, range, by: owner, &wakeups)
    }

    func request(_ mode: LockMode, _ key: Bytes, _ owner: LockOwnerID) -> LockTable.Answer {
        request(mode, .key(key), owner)
    }

    /// - Returns: the requests that were granted.
    func release(_ owner: LockOwnerID) -> [LockRequestID] {
        wakeups = []
        table.release(owner, &wakeups)
        return wakeups.filter { $0.outcome == .granted }.map(\.ticket)
    }

    func cancel(_ ticket: LockRequestID) -> Bool {
        wakeups = []
        return table.cancel(ticket, &wakeups)
    }

    func beginRelease(_ owner: LockOwnerID) -> Bool {
        wakeups = []
        return table.beginRelease(owner, &wakeups)
    }
}

import Testing

@testable import KVDS

@Suite("LockTable")
struct LockTableTests {
    @Test("readers hold a key together, and a writer waits for them all")
    func readers() {
        let locks = Locks(owners: 5)
        for reader: LockOwnerID in 1...4 { #expect(locks.request(.shared, "k", reader) == .granted) }
        #expect(locks.request(.exclusive, "k", 5) == .waits(5))
        for reader: LockOwnerID in 1...3 { #expect(locks.release(reader).isEmpty) }
        #expect(locks.release(4) == [5])
        #expect(locks.release(5).isEmpty)
        #expect(locks.table.isIdle)
    }

    @Test("readers who come after a writer wait for it, and are then granted together")
    func fairness() {
        let locks = Locks(owners: 5)
        #expect(locks.request(.shared, "k", 1) == .granted)
        #expect(locks.request(.exclusive, "k", 2) == .waits(2))
        for reader: LockOwnerID in 3...5 { #expect(locks.request(.shared, "k", reader) == .waits(reader)) }
        #expect(locks.release(1) == [2])
        #expect(locks.release(2) == [3, 4, 5])
    }

    @Test("those that wait for one key get it in the order in which they came", arguments: [2, 1_000] as [LockOwnerID])
    func order(_ count: LockOwnerID) {
        let locks = Locks(owners: count)
        #expect(locks.request(.exclusive, "k", 1) == .granted)
        for owner in 2...count { #expect(locks.request(.exclusive, "k", owner) == .waits(owner)) }
        for owner in 1..<count { #expect(locks.release(owner) == [owner + 1]) }
        #expect(locks.release(count).isEmpty)
        #expect(locks.table.isIdle)
    }

    @Test("twenty times as many that wait take about twenty times as long, whatever else they hold")
    func growth() {
        func time(_ count: LockOwnerID) -> Duration {
            let locks = Locks(owners: count)
            return ContinuousClock().measure {
                for owner in 1...count { _ = locks.request(.exclusive, Bytes("own \(owner)"), owner) }
                for owner in 1...count { _ = locks.request(owner % 10 == 0 ? .exclusive : .shared, "k", owner) }
                for owner in 1...count { _ = locks.release(owner) }
            }
        }
        let few = (0..<3).map { _ in time(1_000) }.min() ?? .zero
        // It would be four hundred times if each looked at all the others.
        #expect(time(20_000) < few * 100)
    }

    @Test("a reader becomes a writer when it reads alone, though others wait")
    func upgrade() {
        let locks = Locks(owners: 3)
        #expect(locks.request(.shared, "k", 1) == .granted)
        #expect(locks.request(.exclusive, "k", 2) == .waits(2))
        #expect(locks.request(.shared, "k", 3) == .waits(3))
        #expect(locks.request(.exclusive, "k", 1) == .granted)
        #expect(locks.request(.shared, "k", 1) == .granted)
        #expect(locks.release(1) == [2])
    }

    @Test("of two readers that both want to write, the older one waits and the younger one goes")
    func twoUpgrades() {
        let locks = Locks(owners: 2)
        #expect(locks.request(.shared, "k", 1) == .granted)
        #expect(locks.request(.shared, "k", 2) == .granted)
        #expect(locks.request(.exclusive, "k", 1) == .waits(3))
        #expect(locks.request(.exclusive, "k", 2) == .deadlock)
        #expect(locks.wakeups == [LockTable.Wakeup(ticket: 3, outcome: .granted)])
        #expect(Array(locks.table.owners.keys) == [1])
    }

    @Test("a lock of a range keeps new keys out of it, and goes together with what lies beside it")
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

    @Test("a cycle of three is broken by the request that closes it, with the youngest as the one victim")
    func three() {
        // Whoever of the three closes the cycle.
        for start: LockOwnerID in 0..<3 {
            let locks = Locks(owners: 3)
            let keys: [Bytes] = ["a", "b", "c"]
            for owner: LockOwnerID in 1...3 {
                #expect(locks.request(.exclusive, keys[Int(owner) - 1], owner) == .granted)
            }
            var last: LockTable.Answer?
            for step in 0..<3 {
                let owner = (start + LockOwnerID(step)) % 3 + 1
                last = locks.request(.exclusive, keys[Int(owner) % 3], owner)
            }
            let closing = (start + 2) % 3 + 1
            if closing == 3 { #expect(last == .deadlock) } else { #expect(last != .deadlock) }
            #expect(locks.table.owners.keys.sorted() == [1, 2], "closed by \(closing)")
            #expect(locks.wakeups.filter { $0.outcome == .deadlock }.count == (closing == 3 ? 0 : 1))
        }
    }

    @Test("who holds what another waits for passes it, so that it does not wait for itself")
    func passing() {
        let locks = Locks(owners: 3)
        #expect(locks.request(.exclusive, "a", 1) == .granted)
        #expect(locks.request(.shared, "b", 2) == .granted)
        #expect(locks.request(.shared, "a", 2) == .waits(3))
        #expect(locks.request(.exclusive, "b", 3) == .waits(4))
        // 3 waits for 2, who waits for 1.
        #expect(locks.request(.shared, "b", 1) == .granted)
        #expect(locks.wakeups.isEmpty)
    }

    @Test("one that is passed does not hold up those behind it who are not")
    func partlyPassed() {
        let locks = Locks(owners: 4)
        #expect(locks.request(.exclusive, "a", 1) == .granted)
        #expect(locks.request(.exclusive, "k", 3) == .granted)
        // 2 asks for two things at once, as a transaction does that is used from several tasks.
        #expect(locks.request(.shared, "a", 2) == .waits(3))
        #expect(locks.request(.shared, "k", 2) == .waits(4))
        #expect(locks.request(.shared, "k", 4) == .waits(5))
        // It passes 2, who waits for "a", and not 4.
        #expect(locks.request(.exclusive, "k", 1) == .waits(6))
        #expect(locks.release(3) == [5])
        #expect(locks.release(4) == [6])
        #expect(locks.release(1) == [3, 4])
    }

    @Test("a waiter that is cancelled leaves no trace, and those behind it go on")
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
        // The same once more shows that nothing of the first time is left.
        #expect(locks.request(.exclusive, "k", 2) == .waits(6))
        #expect(locks.cancel(6))
        for owner: LockOwnerID in 1...4 { #expect(locks.release(owner).isEmpty) }
        #expect(locks.table.isIdle)
    }

    @Test("a sealed owner keeps what it holds and is given no more")
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

@Suite("LockTable, with owners who ask for several things")
struct LockTableOwnersTests {
    @Test("readers who came before a writer get their lock together, and the writer after them")
    func readersFirst() {
        let locks = Locks(owners: 4)
        #expect(locks.request(.exclusive, "k", 1) == .granted)
        for reader: LockOwnerID in 2...3 { #expect(locks.request(.shared, "k", reader) == .waits(reader)) }
        #expect(locks.request(.exclusive, "k", 4) == .waits(4))
        #expect(locks.release(1) == [2, 3])
        #expect(locks.release(2).isEmpty)
        #expect(locks.release(3) == [4])
    }

    @Test("those in line behind an owner that ends while it waits go on")
    func behindTheDead() {
        let locks = Locks(owners: 3)
        #expect(locks.request(.shared, "k", 1) == .granted)
        #expect(locks.request(.exclusive, "k", 2) == .waits(2))
        #expect(locks.request(.shared, "k", 3) == .waits(3))
        #expect(locks.release(2) == [3])
    }

    @Test("of two requests of one owner the second is granted, though the first still waits")
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

    @Test("an owner that has a key alone keeps it alone when it is granted to share it, too")
    func sharedAfterExclusive() {
        let locks = Locks(owners: 3)
        #expect(locks.request(.exclusive, "k", 1) == .granted)
        #expect(locks.request(.exclusive, "k", 2) == .waits(2))
        #expect(locks.request(.shared, "k", 2) == .waits(3))
        #expect(locks.release(1) == [2, 3])
        #expect(locks.request(.exclusive, "x", 3) == .granted)
        #expect(locks.request(.shared, "k", 3) == .waits(5))
        // So 3 waits for 2, and this closes a circle.
        #expect(locks.request(.exclusive, "x", 2) == .granted)
        #expect(locks.wakeups == [LockTable.Wakeup(ticket: 5, outcome: .deadlock)])
    }

    @Test("one that is passed waits for who passes it, whatever else it waits for")
    func passedForLong() {
        let locks = Locks(owners: 4)
        #expect(locks.request(.exclusive, "a", 1) == .granted)
        #expect(locks.request(.shared, "k1", 2) == .granted)
        #expect(locks.request(.exclusive, "k2", 4) == .granted)
        #expect(locks.request(.exclusive, "z", 3) == .granted)
        #expect(locks.request(.exclusive, "a", 2) == .waits(5))
        #expect(locks.request(.exclusive, KeyRange.prefix("k"), 3) == .waits(6))
        // 3 waits for 2, who waits for 1: so 1 passes 3, and waits for 4.
        #expect(locks.request(.shared, "k2", 1) == .waits(7))
        #expect(locks.cancel(5))
        // 2 waits no more, and 3 still waits for 1.
        #expect(locks.request(.exclusive, "z", 1) == .granted)
        #expect(locks.wakeups == [LockTable.Wakeup(ticket: 6, outcome: .deadlock)])
        #expect(locks.table.owners.keys.sorted() == [1, 2, 4])
    }
}

/// A table, its owners, and what the last call told those who wait.
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

    /// - Returns: the tickets that were granted.
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

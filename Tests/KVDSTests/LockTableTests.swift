import Testing

@testable import KVDS

/// What the scripts cannot express. Most tests of the table are scripts: see `LockTableScriptTests`.
@Suite("LockTable")
struct LockTableTests {
    @Test("1,000 requests for one key are granted in the order of their arrival")
    func order() {
        let count: LockOwnerID = 1_000
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
                for owner in 1...count { _ = locks.request(.exclusive, Bytes("own \(owner)"), owner) }
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
}

/// A table and its owners.
private final class Locks {
    private(set) var table = LockTable()

    init(owners: LockOwnerID) {
        for owner in 1...owners { table.begin(owner) }
    }

    func request(_ mode: LockMode, _ key: Bytes, _ owner: LockOwnerID) -> LockTable.Answer {
        var wakeups: [LockTable.Wakeup] = []
        return table.request(mode, .key(key), by: owner, &wakeups)
    }

    /// - Returns: the requests that were granted.
    func release(_ owner: LockOwnerID) -> [LockRequestID] {
        var wakeups: [LockTable.Wakeup] = []
        table.release(owner, &wakeups)
        return wakeups.filter { $0.outcome == .granted }.map(\.ticket)
    }
}

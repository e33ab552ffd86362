import Foundation
import KVDSTesting
import Testing

@testable import KVDS

/// The number of histories; many at full length.
private let seeds = 0..<UInt64(ProcessInfo.processInfo.environment["KVDS_LONG_TESTS"] == nil ? 40 : 2_000)

@Suite("LockTable, compared with a model")
struct LockTableModelTests {
    @Test("a lock table gives the same outcomes as a comparison of all pairs of requests", arguments: seeds)
    func model(_ seed: UInt64) throws {
        var history = LockHistory(seed: seed)
        for step in 0..<250 {
            try history.step()
            if let difference = history.difference {
                Issue.record("seed \(seed), step \(step): \(difference)")
                return
            }
        }
        try history.end()
        #expect(history.table.isIdle, "seed \(seed)")
    }
}

/// Random calls on a table and on a model.
private struct LockHistory {
    var table = LockTable()
    private var model = LockModel()
    private var random: SplitMix64
    private var lastOwner: LockOwnerID = 0
    private var lastTicket = LockRequestID.zero
    private(set) var difference: String?

    private static let letters = Array("abcdefgh").map { Bytes(String($0)) }

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func step() throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<4 where model.sealed.count < 9:
            lastOwner = lastOwner.advanced(by: 1)
            table.begin(lastOwner)
            model.begin(lastOwner)
        case 4: cancel()
        case 5: beginRelease()
        case 6..<9: release()
        default: request()
        }
    }

    mutating func end() throws {
        while !model.sealed.isEmpty { release() }
    }

    private mutating func request() {
        // Rarely choose an owner that already waits: an owner may make requests from several tasks.
        let waiting = Set(model.waiting.map(\.owner))
        let isBold = Int.random(in: 0..<4, using: &random) == 0
        let owners = model.sealed.keys.sorted().filter { isBold || !waiting.contains($0) }
        guard let owner = owners.randomElement(using: &random), let isReleasing = model.sealed[owner] else { return }
        let mode: LockMode = Bool.random(using: &random) ? .shared : .exclusive
        let (range, keys) = randomRange()
        var wakeups: [LockTable.Wakeup] = []
        let before = table.requests
        let answer = table.request(mode, range, by: owner, &wakeups)
        if isReleasing { return expect(answer == .hasEnded && wakeups.isEmpty, "a sealed owner got \(answer)") }
        if model.isCovered(mode, keys, owner) {
            return expect(answer == .granted && wakeups.isEmpty, "what is held already is \(answer)")
        }
        lastTicket = lastTicket.next
        // The victims, in the order of the wakeups.
        var victims: [LockOwnerID] = []
        for wakeup in wakeups where wakeup.outcome == .deadlock {
            if let victim = before[wakeup.ticket]?.owner, !victims.contains(victim) { victims.append(victim) }
        }
        if answer == .deadlock, !victims.contains(owner) { victims.append(owner) }
        var granted: Set<LockRequestID> = []
        for victim in victims {
            let graph = model.graph(with: model.item(lastTicket, mode, keys, owner))
            let isOnCycle =
                model.reachable(from: owner, in: graph, upTo: victim).contains(victim)
                && model.reachable(from: victim, in: graph, upTo: victim).contains(owner)
            expect(isOnCycle, "\(victim) was not the youngest of a cycle that \(owner) closed")
            granted.formUnion(model.release(victim))
        }
        expect(wakeups, granted)
        guard !victims.contains(owner) else { return expect(answer == .deadlock, "a victim got \(answer)") }
        var item = model.item(lastTicket, mode, keys, owner)
        expect(
            !model.reachable(from: owner, in: model.graph(with: item)).contains(owner), "a cycle went unseen")
        item.isGranted = !model.isBlocked(item)
        let expected: LockTable.Answer = item.isGranted ? .granted : .waits(lastTicket)
        expect(answer == expected, "a request of \(owner) for \(keys.sorted()), \(mode), is \(answer), not \(expected)")
        model.add(item)
        compare()
    }

    private mutating func cancel() {
        guard let item = model.waiting.randomElement(using: &random) else { return }
        var wakeups: [LockTable.Wakeup] = []
        expect(table.cancel(item.ticket, &wakeups), "what waits could not be cancelled")
        expect(wakeups, model.remove { $0.ticket == item.ticket })
        compare()
    }

    private mutating func beginRelease() {
        guard let owner = model.sealed.keys.sorted().randomElement(using: &random) else { return }
        var wakeups: [LockTable.Wakeup] = []
        let isNew = model.sealed[owner] == false
        expect(table.beginRelease(owner, &wakeups) == isNew, "sealing \(owner)")
        if isNew { expect(wakeups, model.beginRelease(owner)) }
        compare()
    }

    private mutating func release() {
        guard let owner = model.sealed.keys.sorted().randomElement(using: &random) else { return }
        var wakeups: [LockTable.Wakeup] = []
        table.release(owner, &wakeups)
        expect(wakeups, model.release(owner))
        compare()
    }

    /// Returns a range and its keys by number: each letter is one key, and the interval between it and the next letter
    /// is another.
    private mutating func randomRange() -> (KeyRange, Set<Int>) {
        let letters = Self.letters
        let first = Int.random(in: letters.indices, using: &random)
        if Int.random(in: 0..<3, using: &random) > 0 { return (.key(letters[first]), [2 * first]) }
        let last = Int.random(in: first..<letters.count, using: &random)
        let upperBound = last + 1 < letters.count ? letters[last + 1] : nil
        return (KeyRange(from: letters[first], to: upperBound), Set(2 * first...2 * last + 1))
    }

    private mutating func expect(_ wakeups: [LockTable.Wakeup], _ granted: Set<LockRequestID>) {
        let found = wakeups.filter { $0.outcome == .granted }.map(\.ticket)
        expect(
            Set(found) == granted && Set(found).count == found.count, "\(found) were granted, not \(granted.sorted())")
    }

    private mutating func compare() {
        expect(Set(table.requests.keys) == Set(model.waiting.map(\.ticket)), "who waits")
        expect(Set(table.owners.keys) == Set(model.sealed.keys), "who is there")
    }

    private mutating func expect(_ condition: Bool, _ what: @autoclosure () -> String) {
        if !condition, difference == nil { difference = what() }
    }
}

import Testing

@testable import KVDS

@Suite("ChangeLog")
struct ChangeLogTests {
    private static func record(
        _ revision: UInt64, after: UInt64? = nil, previous: Bool = false, value: Bytes = "v"
    ) -> ChangeRecord {
        ChangeRecord(
            after: Revision(rawValue: after ?? revision - 1), revision: Revision(rawValue: revision),
            changes: [Change(key: "k", value: value)], hasPrevious: previous)
    }

    private static func bytes(_ count: Int) -> Bytes { Bytes(Array(repeating: 7, count: count)) }

    private static func log(_ records: [ChangeRecord], _ retention: ChangeRetention = ChangeRetention()) -> ChangeLog {
        records.reduce(into: ChangeLog(retention: retention)) { $0.append($1) }
    }

    private static func text(_ log: ChangeLog, _ position: UInt64, limit: Int = 9, previous: Bool = false) -> String {
        switch log.answer(after: Revision(rawValue: position), limit: limit, needsPrevious: previous) {
        case .nothing: "nothing"
        case .gap(let end): "gap to \(end)"
        case .records(let records): records.map(\.revision.description).joined(separator: " ")
        }
    }

    @Test("the change log returns the records and gaps of its documented example")
    func story() {
        var log = ChangeLog(retention: ChangeRetention())
        #expect(Self.text(log, 3) == "nothing" && log.last == nil)
        for record in [Self.record(4), Self.record(6, after: 4), Self.record(9, after: 8)] { log.append(record) }
        #expect(log.last?.rawValue == 9)
        #expect(Self.text(log, 3) == "4 6")
        #expect(Self.text(log, 3, limit: 1) == "4")
        #expect(Self.text(log, 1) == "gap to 3")
        #expect(Self.text(log, 5) == "6")
        #expect(Self.text(log, 6) == "gap to 8")
        #expect(Self.text(log, 8) == "9")
        #expect(Self.text(log, 9) == "nothing")
        #expect(Self.text(log, 12) == "gap to 9")
    }

    @Test("the change log drops the oldest commits by number and size, and keeps the newest one")
    func bounds() {
        var log = ChangeLog(retention: ChangeRetention(maximumCommits: 10))
        for revision in 1...1_000 {
            log.append(Self.record(UInt64(revision)))
            #expect(log.count == min(revision, 10))
        }
        #expect(Self.text(log, 0) == "gap to 990")
        #expect(Self.text(log, 995) == "996 997 998 999 1000")
        let small = Self.log((1...5).map { Self.record($0) }, ChangeRetention(maximumBytes: 1))
        #expect(small.count == 1 && Self.text(small, 4) == "5" && Self.text(small, 3) == "gap to 4")
        var medium = ChangeLog(retention: ChangeRetention(maximumBytes: 138 * 3))
        for revision in 1...100 { medium.append(Self.record(UInt64(revision))) }
        #expect(medium.count == 3)
    }

    @Test("the change log knows commits of other processes only by their revision")
    func advance() {
        var log = ChangeLog(retention: ChangeRetention())
        let isFirst = log.advance(to: Revision(rawValue: 5))
        #expect(Self.text(log, 5) == "nothing" && Self.text(log, 2) == "gap to 5")
        log.append(Self.record(6))
        let isOwn = log.advance(to: Revision(rawValue: 6))
        let isForeign = log.advance(to: Revision(rawValue: 8))
        #expect(isFirst && !isOwn && isForeign)
        #expect(Self.text(log, 5) == "6" && Self.text(log, 6) == "gap to 8" && Self.text(log, 8) == "nothing")
    }

    @Test("commits recorded without previous values are a gap for subscribers that need them")
    func previous() {
        let log = Self.log([Self.record(1), Self.record(2), Self.record(3, previous: true), Self.record(4)])
        #expect(Self.text(log, 0, previous: true) == "gap to 2")
        #expect(Self.text(log, 2, previous: true) == "3")
        #expect(Self.text(log, 3, previous: true) == "gap to 4")
        #expect(Self.text(log, 0) == "1 2 3 4")
    }

    @Test("one read of the change log takes at most 1,024 commits or a megabyte")
    func takenAtATime() {
        let many = Self.log((1...3_000).map { Self.record($0) })
        #expect(Self.text(many, 0, limit: .max).split(separator: " ").count == 1_024)
        #expect(Self.text(many, 5, limit: 0) == "6" && Self.text(many, 5, limit: -1) == "6")
        let large = Self.log((1...9).map { Self.record($0, value: Self.bytes(300_000)) })
        #expect(Self.text(large, 0, limit: .max) == "1 2 3")
        let huge = Self.log((1...3).map { Self.record($0, value: Self.bytes(3_000_000)) })
        #expect(Self.text(huge, 1, limit: .max) == "2")
    }

    @Test("a change record keeps no block that its slices came from, and weighs only its own bytes")
    func slices() {
        let block = Self.bytes(1 << 20)
        let slices = (0..<10).map { block.slice($0 * 1_000..<$0 * 1_000 + 100) }
        #expect(slices.allSatisfy { !$0.isTrimmed })
        var mutations = slices.map { WriteBatch.Mutation.set($0.slice(0..<20), $0) }
        mutations.append(.delete(slices[0]))
        let record = ChangeRecord(after: .zero, revision: .zero.next, mutations: mutations)
        #expect(record.changes.count == 2)
        for change in record.changes { #expect(change.key.isTrimmed && change.value?.isTrimmed != false) }
        #expect(record.weight > 1_000 && record.weight < 4_000)
        // Bytes that retain no larger block are not copied.
        let whole = ChangeRecord(after: .zero, revision: .zero.next, mutations: [.set("k", block)])
        #expect(whole.changes[0].value.map { Self.address($0) } == Self.address(block))
    }

    private static func address(_ bytes: Bytes) -> Int {
        unsafe bytes.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
    }

    @Test("a batch becomes each key once and in order, with its last value and first previous value")
    func net() {
        let batch: [WriteBatch.Mutation] = [
            .set("d", "1"), .set("a", "1"), .delete("c"), .set("d", "2"), .delete("a"), .set("b", ""),
        ]
        let record = ChangeRecord(after: .zero, revision: .zero.next, mutations: batch)
        let changes = [("a", nil), ("b", ""), ("c", nil), ("d", "2")] as [(Bytes, Bytes?)]
        #expect(record.changes == changes.map { Change(key: $0, value: $1) })
        let inside = record.event(in: KeyRange(from: "b", to: "d"), previousValues: false)
        #expect(inside == .commit(.zero.next, record.changes.filter { $0.key == "b" || $0.key == "c" }))
        #expect(record.event(in: .prefix("x"), previousValues: false) == nil)
        #expect(record.mayConcern(.key("c")) && !record.mayConcern(.prefix("x")))
        let twice = [Change(key: "k", value: "1", previous: "0"), Change(key: "k", value: nil, previous: "1")]
        #expect(Change.net(twice) == [Change(key: "k", value: nil, previous: "0")])
    }

    @Test("a change record in either form never misses a range that it concerns")
    func concern() {
        let ranges = [
            KeyRange.all, .key("k5"), .prefix("k"), .prefix("a"), .prefix("z"), KeyRange(from: "k7"), .key("k"),
        ]
        for count in [1, 2, 9, 200] {
            let mutations = (0..<count).map { WriteBatch.Mutation.set(Bytes("k\($0)"), "v") }
            let batch = ChangeRecord(after: .zero, revision: .zero.next, mutations: mutations)
            let noted = ChangeRecord(
                after: .zero, revision: .zero.next, changes: batch.changes, hasPrevious: false)
            for range in ranges {
                let isInside = batch.changes.contains { range.contains($0.key) }
                #expect(noted.mayConcern(range) == isInside)
                // For a large batch the writer does not check all changes.
                #expect(batch.mayConcern(range) == (isInside || count > 16))
                #expect((batch.event(in: range, previousValues: false) != nil) == isInside)
                #expect(batch.event(in: range, previousValues: true) == noted.event(in: range, previousValues: true))
            }
        }
    }
}

import Testing

@testable import KVDS

@Suite("The ring of changes")
struct ChangeRingTests {
    private static func record(_ revision: UInt64, after: UInt64? = nil, previous: Bool = false) -> ChangeRing.Record {
        ChangeRing.Record(
            after: Revision(rawValue: after ?? revision - 1), revision: Revision(rawValue: revision),
            changes: [Change(key: "k", value: "v")], hasPrevious: previous)
    }

    private static func text(_ ring: ChangeRing, _ position: UInt64, limit: Int = 9, previous: Bool = false) -> String {
        switch ring.answer(after: Revision(rawValue: position), limit: limit, needsPrevious: previous) {
        case .nothing: "nothing"
        case .gap(let end): "gap to \(end)"
        case .records(let records): records.map(\.revision.description).joined(separator: " ")
        }
    }

    @Test("the example of its story")
    func story() {
        var ring = ChangeRing(history: ChangeHistory())
        #expect(Self.text(ring, 3) == "nothing" && ring.last == nil)
        ring.append([Self.record(4)])
        ring.append([Self.record(6, after: 4), Self.record(9, after: 8)])
        #expect(ring.origin?.rawValue == 3 && ring.last?.rawValue == 9)
        #expect(Self.text(ring, 3) == "4 6")
        #expect(Self.text(ring, 3, limit: 1) == "4")
        #expect(Self.text(ring, 1) == "gap to 3")
        #expect(Self.text(ring, 5) == "6")
        #expect(Self.text(ring, 6) == "gap to 8")
        #expect(Self.text(ring, 8) == "9")
        #expect(Self.text(ring, 9) == "nothing")
        #expect(Self.text(ring, 12) == "gap to 9")
    }

    @Test("it forgets the oldest by number and by size, and keeps the newest whatever its size")
    func bounds() {
        var ring = ChangeRing(history: ChangeHistory(maximumCommits: 10))
        for revision in 1...1_000 {
            ring.append([Self.record(UInt64(revision))])
            #expect(ring.count == min(revision, 10))
        }
        #expect(Self.text(ring, 0) == "gap to 990")
        #expect(Self.text(ring, 995) == "996 997 998 999 1000")
        var small = ChangeRing(history: ChangeHistory(maximumBytes: 1))
        small.append((1...5).map { Self.record($0) })
        #expect(small.count == 1 && Self.text(small, 4) == "5" && Self.text(small, 3) == "gap to 4")
        var medium = ChangeRing(history: ChangeHistory(maximumBytes: 138 * 3))
        for revision in 1...100 { medium.append([Self.record(UInt64(revision))]) }
        #expect(medium.count == 3)
    }

    @Test("commits of others are known by their number alone")
    func advance() {
        var ring = ChangeRing(history: ChangeHistory())
        let isFirst = ring.advance(to: Revision(rawValue: 5))
        #expect(Self.text(ring, 5) == "nothing" && Self.text(ring, 2) == "gap to 5")
        ring.append([Self.record(6)])
        let isOwn = ring.advance(to: Revision(rawValue: 6))
        let isForeign = ring.advance(to: Revision(rawValue: 8))
        #expect(isFirst && !isOwn && isForeign)
        #expect(Self.text(ring, 5) == "6" && Self.text(ring, 6) == "gap to 8" && Self.text(ring, 8) == "nothing")
    }

    @Test("commits recorded without previous values are a gap for who needs them")
    func previous() {
        var ring = ChangeRing(history: ChangeHistory())
        ring.append([Self.record(1), Self.record(2), Self.record(3, previous: true), Self.record(4)])
        #expect(Self.text(ring, 0, previous: true) == "gap to 2")
        #expect(Self.text(ring, 2, previous: true) == "3")
        #expect(Self.text(ring, 3, previous: true) == "gap to 4")
        #expect(Self.text(ring, 0) == "1 2 3 4")
    }
}

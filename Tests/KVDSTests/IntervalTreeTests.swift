import KVDSTesting
import Testing

@testable import KVDS

@Suite("IntervalTree")
struct IntervalTreeTests {
    @Test("an interval tree finds the same overlapping ranges as a linear search", arguments: [1, 2, 3, 4] as [UInt64])
    func random(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var tree = IntervalTree<Int>()
        var model: [KeyRange: Int] = [:]
        for step in 0..<3_000 {
            let range = Self.range(&random)
            let slot = tree.slot(of: range)
            #expect((slot != nil) == (model[range] != nil), "seed \(seed), step \(step)")
            if let slot, Int.random(in: 0..<3, using: &random) > 0 || model.count > 150 {
                #expect(tree[slot] == model[range])
                tree.remove(slot)
                model[range] = nil
            } else if slot == nil, !range.isEmpty {
                let inserted = tree.insert(range, step)
                #expect(tree.slot(of: range) == inserted)
                model[range] = step
            }
            let query = Self.range(&random)
            let found = tree.slots(meeting: query).map { tree.range($0) }
            let expected = model.keys.filter { !query.isEmpty && Self.meets($0, query) }
            #expect(Set(found) == Set(expected) && found.count == expected.count, "seed \(seed), step \(step)")
            #expect(zip(found, found.dropFirst()).allSatisfy { $0.lowerBound <= $1.lowerBound })
            #expect(tree.count == model.count)
        }
    }

    @Test("a search of an interval tree stops when its closure returns false")
    func stops() {
        var tree = IntervalTree<Int>()
        for number in 0..<100 { _ = tree.insert(.key(Bytes("\(number)")), number) }
        var seen = 0
        tree.visit(meeting: .all) { _ in
            seen += 1
            return seen < 10
        }
        #expect(seen == 10)
    }

    private static func range(_ random: inout SplitMix64) -> KeyRange {
        let lowerBound = key(&random)
        return switch random.next() % 6 {
        case 0: .key(lowerBound)
        case 1: KeyRange(from: lowerBound)
        case 2: KeyRange(to: lowerBound)
        default: KeyRange(from: lowerBound, to: key(&random))
        }
    }

    private static func key(_ random: inout SplitMix64) -> Bytes { Bytes([UInt8(97 + random.next() % 20)]) }

    private static func meets(_ left: KeyRange, _ right: KeyRange) -> Bool {
        let lowerBound = max(left.lowerBound, right.lowerBound)
        return left.contains(lowerBound) && right.contains(lowerBound)
    }
}

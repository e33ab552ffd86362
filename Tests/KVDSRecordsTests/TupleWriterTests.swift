import Foundation
import KVDS
import KVDSTesting
import Testing

@testable import KVDSRecords

@Suite("Tuple: writer and reader")
struct TupleWriterTests {
    @Test("elements follow any prefix, and a reader finds their positions")
    func prefix() throws {
        var writer = TupleWriter(after: "table/")
        writer.append("a")
        writer.append(Tuple(1, nil as Int?))
        writer.append(300)
        let key = writer.bytes()
        #expect(key == Bytes(Array("table/".utf8) + Tuple("a", Tuple(1, nil as Int?), 300).packed))
        var reader = TupleReader(key.span, from: 6)
        var found: [(Range<Int>, Tuple.Element)] = []
        while let item = try reader.next() { found.append((item.bounds, item.element(in: key))) }
        #expect(found.map(\.0) == [6..<9, 9..<15, 15..<18])
        #expect(found.map(\.1) == ["a", .tuple([1, .null]), 300])
        let position = reader.position
        #expect(position == 18)
    }

    /// Elements in the given directions, as the columns of an index.
    private func key(_ elements: [Tuple.Element], _ orders: [ElementOrder]) -> Bytes {
        var writer = TupleWriter(after: "p")
        for (element, order) in zip(elements, orders) { writer.append(element, order) }
        return writer.bytes()
    }

    @Test("descending elements have the reverse order next to elements of any direction")
    func directions() throws {
        let seed = TestSeed.next
        var random = RandomTuples(seed: seed)
        for _ in 0..<(takesLong ? 2_000 : 50) {
            let orders = (0..<3).map { _ in Bool.random(using: &random.generator) ? ElementOrder.ascending : .descending
            }
            let rows = (0..<30).map { _ in (0..<3).map { _ in random.element() } }
            let keys = rows.map { key($0, orders) }
            for (left, leftKey) in zip(rows, keys) {
                for (right, rightKey) in zip(rows, keys) {
                    var wanted = 0
                    for index in 0..<3 where wanted == 0 {
                        wanted = ElementModel.compare([left[index]], [right[index]])
                        if orders[index] == .descending { wanted = -wanted }
                    }
                    guard (leftKey < rightKey) == (wanted < 0), (leftKey == rightKey) == (wanted == 0) else {
                        Issue.record("seed \(seed): \(left) and \(right), \(orders)")
                        return
                    }
                }
            }
        }
    }

    @Test("a reader that knows the directions reads and skips descending elements")
    func reading() throws {
        let seed = TestSeed.next
        var random = RandomTuples(seed: seed)
        for _ in 0..<(takesLong ? 50_000 : 2_000) {
            let elements = (0..<4).map { _ in random.element() }
            let orders = (0..<4).map { _ in Bool.random(using: &random.generator) ? ElementOrder.ascending : .descending
            }
            let key = key(elements, orders)
            let table = KeyRange(from: "p\u{0}", to: Bytes(Array("p".utf8) + [0xFF]))
            try #require(table.contains(key), "seed \(seed)")
            var reader = TupleReader(key.span, from: 1)
            for (element, order) in zip(elements, orders) {
                let next = try reader.next(order)
                let item = try #require(next, "seed \(seed)")
                try #require(item.element(in: key) == element, "seed \(seed): \(elements), \(orders)")
            }
            let isAtEnd = reader.isAtEnd
            try #require(isAtEnd, "seed \(seed)")
        }
    }

    @Test("a descending element that is cut off or changed is an error or the same bytes again")
    func malformed() throws {
        let seed = TestSeed.next
        var random = RandomTuples(seed: seed)
        random.longestInteger = 18
        for _ in 0..<(takesLong ? 3_000 : 300) {
            let bytes = Array(key([random.element()], [.descending]))
            var variants = (1..<bytes.count).map { Array(bytes[..<$0]) }
            for index in bytes.indices.dropFirst() {
                for value in [0, 1, 0xFA, 0xFE, 0xFF, bytes[index] ^ 1] {
                    variants.append(bytes)
                    variants[variants.count - 1][index] = value
                }
            }
            for variant in variants.map({ Bytes($0) }) where variant.count > 1 {
                var reader = TupleReader(variant.span, from: 1)
                guard let item = try? reader.next(.descending) else { continue }
                let again = key([item.element(in: variant)], [.descending])
                guard again == variant.slice(0..<item.bounds.upperBound) else {
                    Issue.record("seed \(seed): \(variant.hexadecimal)")
                    return
                }
            }
        }
        let cut = Bytes(key(["a"], [.descending]).dropLast())
        var reader = TupleReader(cut.span, from: 1)
        do throws(StoreError) {
            _ = try reader.next(.descending)
            Issue.record("the end has one byte")
        } catch {
            #expect(error.code == .malformedTuple)
        }
    }
}

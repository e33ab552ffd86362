import Foundation
import KVDS
import KVDSTesting
import Testing

@testable import KVDSRecords

@Suite("Tuple: order")
struct TupleOrderTests {
    @Test("random pairs of tuples have the order of their elements")
    func pairs() {
        let seed = TestSeed.next
        var random = RandomTuples(seed: seed)
        let tuples = (0..<(takesLong ? 20_000 : 2_000)).map { _ in random.elements() }.map { ($0, Tuple(elements: $0)) }
        for _ in 0..<(takesLong ? 1_000_000 : 100_000) {
            guard let (left, leftTuple) = tuples.randomElement(using: &random.generator),
                let (right, rightTuple) = tuples.randomElement(using: &random.generator)
            else { return }
            let wanted = ElementModel.compare(left, right)
            if (leftTuple < rightTuple) != (wanted < 0) || (leftTuple == rightTuple) != (wanted == 0) {
                Issue.record("seed \(seed): \(leftTuple) and \(rightTuple)")
                return
            }
        }
    }

    @Test("elements of different types have the order of FoundationDB")
    func types() {
        let id = UUID()
        let elements: [Tuple.Element] = [
            .null, .bytes(""), .bytes("z"), "", "z", .tuple([]), .tuple([.null]), .tuple([1]), .integer(-1 << 70), -1,
            0,
            1, 2, .integer(1 << 70), .float(1.5), .double(-.nan), .double(-.infinity), .double(-0.0), 0.0, 1.5,
            .double(.infinity), .double(.nan), false, true, .uuid(id), .versionstamp(.init(unchecked: "0123456789ab")),
        ]
        for (left, right) in zip(elements, elements.dropFirst()) {
            #expect(left < right && left != right)
        }
        #expect(Set(elements + elements).count == elements.count)
        #expect(Tuple.Element.double(.nan) == .double(.nan))
    }

    @Test("every number of a type has the order of its packed bytes around each power of two")
    func boundaries() {
        let numbers = (0..<127).flatMap { exponent -> [Int128] in
            let power = Int128(1) << exponent
            return [power - 1, power, power + 1, -power - 1, -power, 1 - power]
        }
        for (left, right) in zip(numbers.sorted(), numbers.sorted().dropFirst()) {
            #expect((Tuple(left) < Tuple(right)) == (left < right))
        }
        let doubles = (0..<2_000).map { sin(Double($0)) * pow(10, Double($0 % 600 - 300)) }.sorted()
        for (left, right) in zip(doubles, doubles.dropFirst()) {
            #expect((Tuple(left) < Tuple(right)) == (left < right))
            let dates = (Date(timeIntervalSince1970: left), Date(timeIntervalSince1970: right))
            #expect(Tuple(dates.0) <= Tuple(dates.1))
            if Float(left) != 0 { #expect((Tuple(Float(left)) < Tuple(Float(right))) == (Float(left) < Float(right))) }
        }
    }

    @Test("a range contains the tuples that begin with its elements, as in FoundationDB")
    func ranges() {
        let tuple = Tuple("a")
        #expect(tuple.range() == KeyRange(from: [0x02, 0x61, 0x00, 0x00], to: [0x02, 0x61, 0x00, 0xFF]))
        #expect(tuple.range(includingSelf: true).lowerBound == tuple.packed)
        #expect(tuple.range(includingSelf: true).upperBound == tuple.range().upperBound)
        #expect(Tuple().range() == KeyRange(from: [0x00], to: [0xFF]))
        let members: [Tuple] = [["a", .null], ["a", .bytes("")], ["a", 1, 2], ["a", .uuid(UUID())]]
        let others = [Tuple("ab"), Tuple("a\u{0}"), Tuple("A"), Tuple(), Tuple("b", 1), Tuple(Tuple("a"), 1)]
        for range in [tuple.range(), tuple.range(includingSelf: true)] {
            for member in members { #expect(range.contains(member.packed), "\(member)") }
            for other in others { #expect(!range.contains(other.packed), "\(other)") }
        }
        #expect(!tuple.range().contains(tuple.packed) && tuple.range(includingSelf: true).contains(tuple.packed))
    }
}

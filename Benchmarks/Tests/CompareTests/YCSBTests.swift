import Foundation
import Testing

@testable import compare

@Suite("YCSB draws and records")
struct YCSBTests {
    private static let draws = 1_000_000

    /// Counts how often each of a thousand numbers is drawn.
    private static func counts(seed: UInt64, _ draw: (inout SplitMix64) -> Int) -> [Int] {
        var random = SplitMix64(seed: seed)
        var counts = [Int](repeating: 0, count: 1_000)
        for _ in 0..<draws { counts[draw(&random)] += 1 }
        return counts
    }

    @Test("the sum of the weights is exact for few ranks and YCSB's own constant for its ten thousand million")
    func zeta() {
        for count in [1, 2, 10_000, 10_001, 50_000] {
            let sum = (1...count).reversed().reduce(0.0) { $0 + pow(Double($1), -Zipfian.constant) }
            #expect(abs(Zipfian.zeta(count) - sum) < 1e-9)
        }
        #expect(abs(Zipfian.zeta(10_000_000_000) - 26.46902820178302) < 1e-7)
    }

    @Test("the first ranks are drawn as often as their weights say, and every rank is in range")
    func distribution() {
        let zipfian = Zipfian(count: 1_000)
        let counts = Self.counts(seed: 1) { zipfian.next(using: &$0) }
        // The first two shares are exact. For the next few ranks the method's curve exceeds the weights by up to a
        // twentieth; the expected shares are those of the curve.
        for (ranks, share) in [(1, 0.12938), (2, 0.19453), (10, 0.39835), (100, 0.69571), (500, 0.90766)] {
            let drawn = Double(counts[..<ranks].reduce(0, +)) / Double(Self.draws)
            #expect(abs(drawn - share) < 0.003)
            #expect(abs(drawn / (Zipfian.zeta(ranks) / zipfian.zeta) - 1) < 0.05)
        }
        #expect(counts[999] > 0)
    }

    @Test("the hash is YCSB's: its first record is user6284781860667377211")
    func hash() { #expect(ScrambledZipfian.hash(0) == 6_284_781_860_667_377_211) }

    @Test("the most popular record takes the share of the first rank, and the others are scattered")
    func scrambled() {
        let scrambled = ScrambledZipfian(count: 1_000)
        let counts = Self.counts(seed: 2) { scrambled.next(using: &$0) }
        let first = Int(ScrambledZipfian.hash(0) % 1_000)
        // The most popular item shares its place with a thousandth of all other ranks.
        let share = 1 / Zipfian.zeta(10_000_000_000)
        #expect(counts.max() == counts[first])
        #expect(abs(Double(counts[first]) / Double(Self.draws) - share - (1 - share) / 1_000) < 0.003)
        #expect(counts.allSatisfy { $0 > 0 })
    }

    @Test("a record counts when it and all before it were acknowledged")
    func records() {
        let records = YCSBRecords(loaded: 10, capacity: 13)
        #expect([records.issue(), records.issue(), records.issue(), records.issue()] == [10, 11, 12, nil])
        records.acknowledge(11)
        #expect(records.count == 10)
        records.acknowledge(10)
        #expect(records.count == 12)
        records.acknowledge(12)
        #expect(records.count == 13)
    }
}

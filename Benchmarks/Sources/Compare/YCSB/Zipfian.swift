import Foundation

/// Random ranks with a Zipfian distribution: rank `i` has a probability proportional to 1 / (i + 1)^0.99, as in YCSB.
///
/// The method is that of Gray et al., "Quickly generating billion-record synthetic databases". A draw computes one
/// power, independently of the number of ranks.
struct Zipfian: Sendable {
    static let constant = 0.99

    let count: Int
    /// The sum of all weights.
    let zeta: Double
    private let eta: Double

    /// - Parameter count: the number of ranks, at least 3.
    init(count: Int) {
        self.count = count
        zeta = Zipfian.zeta(count)
        let rest = pow(2 / Double(count), 1 - Zipfian.constant)
        eta = (1 - rest) / (1 - Zipfian.zeta(2) / zeta)
    }

    /// Returns a rank in `0..<count`.
    func next(using random: inout some RandomNumberGenerator) -> Int {
        let drawn = Double.random(in: 0..<1, using: &random)
        if drawn * zeta < 1 { return 0 }
        if drawn * zeta < 1 + pow(0.5, Zipfian.constant) { return 1 }
        let rank = Int(Double(count) * pow(eta * drawn - eta + 1, 1 / (1 - Zipfian.constant)))
        return min(rank, count - 1)
    }

    /// Returns the sum of 1 / i^0.99 for i in `1...count`.
    ///
    /// Beyond the first terms the sum is replaced by an integral from one half before to one half after them, which is
    /// accurate to ten digits.
    static func zeta(_ count: Int) -> Double {
        let exact = min(count, firstTerms.count - 1)
        if exact == count { return firstTerms[count] }
        let rest = 1 - constant
        return firstTerms[exact] + (pow(Double(count) + 0.5, rest) - pow(Double(exact) + 0.5, rest)) / rest
    }

    /// The sums of the first 0, 1, 2, … terms.
    private static let firstTerms: [Double] = (1...10_000).reduce(into: [0]) { sums, term in
        sums.append(sums[term - 1] + pow(Double(term), -constant))
    }
}

/// Zipfian draws whose popular items are scattered: YCSB's "scrambled zipfian".
struct ScrambledZipfian: Sendable {
    let count: Int
    /// YCSB draws from ten billion ranks, independently of the count, and hashes them onto the items.
    private static let ranks = Zipfian(count: 10_000_000_000)

    func next(using random: inout some RandomNumberGenerator) -> Int {
        let rank = ScrambledZipfian.ranks.next(using: &random)
        return Int(ScrambledZipfian.hash(UInt64(rank)) % UInt64(count))
    }

    /// Returns the 64-bit FNV-1a hash of the number's eight bytes, lowest first. Like YCSB, it takes the magnitude of
    /// the hash as a signed number.
    static func hash(_ number: UInt64) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for shift in stride(from: 0, to: 64, by: 8) {
            hash ^= number >> UInt64(shift) & 0xFF
            hash &*= 1_099_511_628_211
        }
        return Int64(bitPattern: hash).magnitude
    }
}

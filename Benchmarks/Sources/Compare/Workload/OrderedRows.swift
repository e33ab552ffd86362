import KVDS
import Peers

/// Rows in key order that are generated on demand, so that ten million of them take no memory.
///
/// Keys are spread over the numbers of eleven digits. Values are random bytes derived from the row's number.
struct OrderedRows: Sendable {
    let count: Int
    private static let space = 100_000_000_000

    func key(_ index: Int) -> Bytes {
        let digits = String(OrderedRows.space / count * index)
        return Bytes("user" + String(repeating: "0", count: 11 - digits.count) + digits)
    }

    func value(_ index: Int) -> Bytes {
        var random = SplitMix64(seed: UInt64(index))
        let length = 100
        return Bytes(
            [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
                for offset in stride(from: 0, to: length, by: 8) {
                    let number = random.next()
                    for byte in 0..<min(8, length - offset) {
                        buffer[offset + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte))
                    }
                }
                count = length
            })
    }

    /// The number of bytes of all keys and values.
    var payload: Int { count * 115 }

    /// Returns these rows, in the form for both sides.
    func rows(_ indices: some Collection<Int>) -> Dataset {
        Dataset(keys: indices.map { key($0) }, values: indices.map { value($0) })
    }

    /// Calls `body` with all rows in key order, in batches of `size`.
    func forEachBatch(of size: Int = 10_000, _ body: (Dataset) async throws -> Void) async throws {
        for start in stride(from: 0, to: count, by: size) {
            try await body(rows(start..<min(start + size, count)))
        }
    }

    /// Returns `size` random rows from the first `share` of all rows.
    func sample(_ size: Int, of share: Double = 1) -> Dataset {
        var random = SplitMix64(seed: 7)
        let bound = max(Int(Double(count) * share), 1)
        return rows((0..<size).map { _ in Int.random(in: 0..<bound, using: &random) })
    }
}

/// A pseudo-random permutation of the numbers below `count`, without a table.
///
/// Each step of the mix is reversible, so it permutes the numbers below a power of two. A result that is not below
/// `count` is mixed again.
struct Permutation: Sendable {
    let count: Int
    private let bits: UInt64

    init(count: Int) {
        self.count = count
        bits = UInt64(max(2, (count - 1).bitWidth - (count - 1).leadingZeroBitCount))
    }

    subscript(index: Int) -> Int {
        var number = UInt64(index)
        let mask: UInt64 = (1 << bits) - 1
        repeat {
            for _ in 0..<3 {
                number = (number &* 0x9E37_79B9_7F4A_7C15 &+ 0x632B_E5AB) & mask
                number ^= number >> ((bits + 1) / 2)
            }
        } while number >= UInt64(count)
        return Int(number)
    }
}

package import KVDS

extension Bytes {
    /// Creates `count` bytes, each equal to `byte`.
    package init(repeating byte: UInt8, count: Int) { self.init(Array(repeating: byte, count: count)) }

    /// Encodes a number as eight bytes that sort in the order of the numbers.
    init(number: Int) { self.init((0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }) }

    /// The number that ``init(number:)`` encoded.
    var number: Int { reduce(0) { $0 << 8 | Int($1) } }
}

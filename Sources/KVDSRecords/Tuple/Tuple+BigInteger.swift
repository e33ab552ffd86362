public import KVDS

extension Tuple {
    /// An integer that no integer type of Swift need be able to represent, of up to 255 bytes: a sign and a magnitude.
    ///
    /// An integer within the range of `Int128` is the element `.integer`, so that there is one element for each
    /// encoding. The exceptions are 2⁶⁴-1 and its negative in the long form of Python, which come only from unpacking.
    public struct BigInteger: Hashable, Sendable {
        /// Whether the integer is less than zero.
        public let isNegative: Bool
        /// The absolute value: up to 255 bytes, the most significant first, without leading zeros.
        public let magnitude: Bytes

        /// The integer of a sign and a magnitude.
        ///
        /// - Parameters:
        ///   - isNegative: Whether the integer is less than zero.
        ///   - magnitude: The absolute value, the most significant byte first. Leading zeros are dropped.
        /// - Throws: `.invalidArgument` if the magnitude has more than 255 bytes without leading zeros, or the integer
        ///   is within the range of `Int128`.
        public init(isNegative: Bool, magnitude: Bytes) throws(StoreError) {
            let trimmed = Bytes(magnitude.drop { $0 == 0 })
            guard trimmed.count <= 255 else {
                throw StoreError(.invalidArgument, "An integer in a tuple has at most 255 bytes, not \(trimmed.count).")
            }
            self.init(unchecked: isNegative, trimmed)
            if let short = shortMagnitude, short <= UInt128(Int128.max) + (isNegative ? 1 : 0) {
                throw StoreError(.invalidArgument, "An integer within the range of Int128 is no big integer.")
            }
        }

        /// The integer of a magnitude that is known to be valid.
        init(unchecked isNegative: Bool, _ magnitude: Bytes) {
            self.isNegative = isNegative
            self.magnitude = magnitude
        }

        /// The magnitude, if it has at most 16 bytes.
        var shortMagnitude: UInt128? {
            magnitude.count > 16 ? nil : magnitude.reduce(0) { $0 << 8 | UInt128($1) }
        }
    }
}

extension Tuple.BigInteger: CustomStringConvertible {
    /// The decimal digits, after a minus sign if the integer is negative.
    public var description: String {
        // Nine decimal digits each, the least significant first.
        var groups: [UInt64] = [0]
        for byte in magnitude {
            var carry = UInt64(byte)
            for index in groups.indices {
                carry += groups[index] << 8
                groups[index] = carry % 1_000_000_000
                carry /= 1_000_000_000
            }
            if carry > 0 { groups.append(carry) }
        }
        var text = isNegative ? "-" : ""
        for (index, group) in groups.reversed().enumerated() {
            let digits = String(group)
            if index > 0 { text += String(repeating: "0", count: 9 - digits.count) }
            text += digits
        }
        return text
    }
}

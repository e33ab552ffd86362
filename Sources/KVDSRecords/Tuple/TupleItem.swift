#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
package import KVDS

/// Where one element lies in a key, as a reader has found it.
package struct TupleItem: Sendable {
    /// What a reader learns about an element while it passes over it.
    struct Content {
        /// Whether bytes or a string contain an escaped zero, or a nested tuple contains null itself.
        var hasEscapes = false
        /// The number of elements of a nested tuple.
        var count = 0
    }

    /// The type code of the ascending element.
    let code: UInt8
    package let order: ElementOrder
    /// The positions of the bytes of the element in the key.
    package let bounds: Range<Int>
    let content: Content

    /// The element, decoded from the key in which the reader found it.
    package func element(in key: Bytes) -> Tuple.Element {
        guard order == .descending else { return decode(key) }
        // Without the second byte of the end, the inverted bytes are the ascending element.
        let end = bounds.upperBound - (TupleCode.hasEnd(code) ? 1 : 0)
        let ascending = [code] + key[bounds.lowerBound + 1..<end].map { ~$0 }
        return TupleItem(code: code, order: .ascending, bounds: 0..<ascending.count, content: content)
            .decode(Bytes(ascending))
    }

    private func decode(_ key: Bytes) -> Tuple.Element {
        let start = bounds.lowerBound + 1
        switch code {
        case TupleCode.bytes: return .bytes(text(in: key))
        case TupleCode.string: return .string(String(text(in: key)))
        case TupleCode.nested: return .tuple(Tuple(packed: nested(in: key), count: content.count))
        case TupleCode.negative8...TupleCode.positive8:
            let isNegative = code < TupleCode.zero
            let magnitude = number(in: key, from: start, mask: isNegative ? 0xFF : 0x00)
            return .integer(isNegative ? -Int128(magnitude) : Int128(magnitude))
        case TupleCode.longPositive, TupleCode.longNegative: return longInteger(in: key)
        case TupleCode.float:
            let bits = UInt32(truncatingIfNeeded: number(in: key, from: start))
            return .float(Float(bitPattern: bits >> 31 == 0 ? ~bits : bits & ~(1 << 31)))
        case TupleCode.double:
            let bits = number(in: key, from: start)
            return .double(Double(bitPattern: bits >> 63 == 0 ? ~bits : bits & ~(1 << 63)))
        case TupleCode.true: return .bool(true)
        case TupleCode.false: return .bool(false)
        case TupleCode.uuid: return .uuid(uuid(in: key))
        case TupleCode.versionstamp: return .versionstamp(.init(unchecked: key.slice(start..<bounds.upperBound)))
        default: return .null
        }
    }

    /// The number that the bytes from `start` on represent, at most eight, each combined with `mask`.
    private func number(in key: Bytes, from start: Int, mask: UInt8 = 0) -> UInt64 {
        let bytes = key.span
        var number: UInt64 = 0
        for index in start..<bounds.upperBound { number = number << 8 | UInt64(bytes[index] ^ mask) }
        return number
    }

    private func longInteger(in key: Bytes) -> Tuple.Element {
        let isNegative = code == TupleCode.longNegative
        let inverted = key.slice(bounds.lowerBound + 2..<bounds.upperBound)
        let value = Tuple.BigInteger(unchecked: isNegative, isNegative ? Bytes(inverted.map { ~$0 }) : inverted)
        // Eight bytes stay a big integer, so that they are packed into the same form again.
        guard value.magnitude.count > 8, let short = value.shortMagnitude else { return .bigInteger(value) }
        if !isNegative { return Int128(exactly: short).map { .integer($0) } ?? .bigInteger(value) }
        return short <= UInt128(Int128.max) + 1 ? .integer(Int128(truncatingIfNeeded: 0 &- short)) : .bigInteger(value)
    }

    private func uuid(in key: Bytes) -> UUID {
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &bytes) { raw in
            for index in 0..<16 { unsafe raw[index] = key[bounds.lowerBound + 1 + index] }
        }
        return UUID(uuid: bytes)
    }

    /// The content of bytes or a string, without escapes.
    private func text(in key: Bytes) -> Bytes {
        let escaped = key.slice(bounds.lowerBound + 1..<bounds.upperBound - 1)
        if !content.hasEscapes { return escaped }
        var text: [UInt8] = []
        var position = 0
        while position < escaped.count {
            text.append(escaped[position])
            position += escaped[position] == TupleCode.end ? 2 : 1
        }
        return Bytes(text)
    }

    /// The packed bytes of a nested tuple: its content, with its own nulls not escaped.
    private func nested(in key: Bytes) -> Bytes {
        let escaped = key.slice(bounds.lowerBound + 1..<bounds.upperBound - 1)
        if !content.hasEscapes { return escaped }
        var packed: [UInt8] = []
        var reader = TupleReader(escaped.span, maximumDepth: .max)
        // Nothing is thrown: the bytes were checked.
        while let item = try? reader.next() {
            packed += escaped[item.bounds]
            if item.code == TupleCode.null { reader.passEscape() }
        }
        return Bytes(packed)
    }
}

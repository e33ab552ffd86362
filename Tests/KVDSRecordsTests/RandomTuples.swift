import Foundation
import KVDS
import KVDSTesting

@testable import KVDSRecords

/// Random elements, many of which are equal, nearly equal or at a boundary.
struct RandomTuples {
    var generator: SplitMix64
    /// Whether to leave out what Python cannot write, or writes differently.
    var isForPython = false

    /// The most bytes of an integer.
    var longestInteger = 255

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func tuple() -> Tuple { Tuple(elements: elements()) }

    mutating func elements(depth: Int = 0) -> [Tuple.Element] {
        let count = Int.random(in: 0...(depth == 0 ? 4 : 3), using: &generator)
        return (0..<count).map { _ in element(depth: depth) }
    }

    mutating func element(depth: Int = 0) -> Tuple.Element {
        switch Int.random(in: 0..<(isForPython ? 15 : 16), using: &generator) {
        case 0, 1: return .null
        case 2, 3: return .bytes(Bytes(bytes()))
        case 4, 5: return .string(text())
        case 6, 7: return depth < 4 ? .tuple(Tuple(elements: elements(depth: depth + 1))) : .tuple([])
        case 8, 9: return .integer(integer())
        case 10: return bigInteger()
        case 11: return .float(Float(number()))
        case 12: return .double(number())
        case 13: return .bool(.random(using: &generator))
        case 14: return .uuid(uuid())
        default:
            let bytes = (0..<12).map { _ -> UInt8 in generator.next() % 3 == 0 ? 0x00 : 0xFF }
            return .versionstamp(.init(unchecked: Bytes(bytes)))
        }
    }

    mutating func bytes() -> [UInt8] {
        let count = Int.random(in: 0...5, using: &generator)
        return (0..<count).map { _ in [0x00, 0x01, 0x7F, 0xFE, 0xFF].randomElement(using: &generator) ?? 0 }
    }

    private mutating func text() -> String {
        let alphabet: [Unicode.Scalar] = ["\u{0}", "a", "b", "\u{7F}", "é", "\u{D7FF}", "\u{FFFF}", "\u{10FFFF}"]
        var text = String.UnicodeScalarView()
        while generator.next() % 3 > 0 { text.append(alphabet.randomElement(using: &generator) ?? "a") }
        return String(text)
    }

    private mutating func integer() -> Int128 {
        if generator.next() % 2 == 0 { return Int128.random(in: -300...300, using: &generator) }
        let power = Int128(1) << Int.random(in: 0..<127, using: &generator)
        var value = power + Int128.random(in: -2...2, using: &generator)
        // Python has another form for this one.
        if isForPython, value == Int128(UInt64.max) { value = 0 }
        return .random(using: &generator) ? value : -value
    }

    private mutating func bigInteger() -> Tuple.Element {
        let count = [17, 18, 40, 255].filter { $0 <= longestInteger }.randomElement(using: &generator) ?? 17
        var magnitude = [UInt8(1 + generator.next() % 2)]
        while magnitude.count < count { magnitude.append(generator.next() % 2 == 0 ? 0x00 : 0xFF) }
        return .bigInteger(.init(unchecked: .random(using: &generator), Bytes(magnitude)))
    }

    private mutating func number() -> Double {
        let special: [Double] = [0, -0.0, 1.5, -1.5, .infinity, -.infinity, .leastNonzeroMagnitude, 1e30]
        if generator.next() % 2 == 0 { return special.randomElement(using: &generator) ?? 0 }
        let value = Double(bitPattern: generator.next())
        return isForPython && (value.isNaN || Float(value).isNaN) ? 1 : value
    }

    private mutating func uuid() -> UUID {
        var bytes = UUID().uuid
        unsafe withUnsafeMutableBytes(of: &bytes) { raw in
            for index in 0..<16 { unsafe raw[index] = generator.next() % 4 == 0 ? 0x80 : 0x7F }
        }
        return UUID(uuid: bytes)
    }
}

/// The order of elements by their values, without their encoding.
enum ElementModel {
    static func compare(_ left: [Tuple.Element], _ right: [Tuple.Element]) -> Int {
        for (a, b) in zip(left, right) {
            let order = compare(a, b)
            if order != 0 { return order }
        }
        return left.count - right.count
    }

    private static func compare(_ left: Tuple.Element, _ right: Tuple.Element) -> Int {
        switch (left, right) {
        case (.bytes(let a), .bytes(let b)): compare(a, b)
        case (.string(let a), .string(let b)): compare(a.utf8, b.utf8)
        case (.tuple(let a), .tuple(let b)): compare(Array(a), Array(b))
        case (.integer(let a), .integer(let b)): a < b ? -1 : a == b ? 0 : 1
        case (.integer, .bigInteger(let b)): b.isNegative ? 1 : -1
        case (.bigInteger(let a), .integer): a.isNegative ? -1 : 1
        case (.bigInteger(let a), .bigInteger(let b)): compare(a, b)
        case (.float(let a), .float(let b)): total(a, b)
        case (.double(let a), .double(let b)): total(a, b)
        case (.bool(let a), .bool(let b)): (a ? 1 : 0) - (b ? 1 : 0)
        case (.uuid(let a), .uuid(let b)): a < b ? -1 : a == b ? 0 : 1
        case (.versionstamp(let a), .versionstamp(let b)): compare(a.bytes, b.bytes)
        default: rank(left) - rank(right)
        }
    }

    private static func compare(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Int {
        left.lexicographicallyPrecedes(right) ? -1 : left.elementsEqual(right) ? 0 : 1
    }

    private static func compare(_ left: Tuple.BigInteger, _ right: Tuple.BigInteger) -> Int {
        if left.isNegative != right.isNegative { return left.isNegative ? -1 : 1 }
        let length = left.magnitude.count - right.magnitude.count
        let order = length != 0 ? length : compare(left.magnitude, right.magnitude)
        return left.isNegative ? -order : order
    }

    private static func total<F: FloatingPoint>(_ left: F, _ right: F) -> Int {
        let isBelowOrEqual = left.isTotallyOrdered(belowOrEqualTo: right)
        return isBelowOrEqual ? (right.isTotallyOrdered(belowOrEqualTo: left) ? 0 : -1) : 1
    }

    private static func rank(_ element: Tuple.Element) -> Int {
        switch element {
        case .null: 0
        case .bytes: 1
        case .string: 2
        case .tuple: 3
        case .integer, .bigInteger: 4
        case .float: 5
        case .double: 6
        case .bool: 7
        case .uuid: 8
        case .versionstamp: 9
        }
    }
}

extension Bytes {
    var hexadecimal: String { map { String(format: "%02x", $0) }.joined() }

    init(hexadecimal: some StringProtocol) {
        let digits = Array(hexadecimal)
        self.init(stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0 })
    }
}

import Foundation
import KVDS
import KVDSTesting

/// A struct with every kind of field.
struct Everything: Codable, Hashable {
    enum Color: String, Codable { case red, green, blue }
    enum Level: Int, Codable { case low = 1, high = 7 }
    enum Shape: Codable, Hashable {
        case point
        case circle(radius: Double)
        case polygon([Double], isClosed: Bool, name: String?)
    }
    struct Address: Codable, Hashable {
        var street: String
        var zip: Int?
        var isHome: Bool?
    }
    struct Nothing: Codable, Hashable {}
    struct Wrapper: Codable, Hashable, RawRepresentable { var rawValue: String }

    var bool: Bool
    var int: Int
    var int8: Int8
    var int16: Int16
    var int32: Int32
    var int64: Int64
    var int128: Int128
    var uint: UInt
    var uint8: UInt8
    var uint16: UInt16
    var uint32: UInt32
    var uint64: UInt64
    var float: Float
    var double: Double
    var string: String
    var data: Data
    var bytes: [UInt8]
    var date: Date
    var uuid: UUID
    var maybeBool: Bool?
    var maybeInt: Int?
    var maybeString: String?
    var maybeDate: Date?
    var maybeMaybe: Int??
    var color: Color
    var level: Level?
    var shape: Shape
    var shapes: [Shape]
    var address: Address
    var addresses: [Address]
    var maybeAddress: Address?
    var nothing: Nothing
    var nothings: [Nothing]
    var wrapper: Wrapper
    var ints: [Int]
    var strings: [String]
    var bools: [Bool]
    var maybes: [Int?]
    var lists: [[String]]
    var tags: Set<String>
    var counts: [String: Int]
    var byNumber: [Int: [String]]
    var byColor: [Color: Double?]
}

/// A tree, which contains its own type.
struct Tree: Codable, Hashable {
    var name: String
    var parentName: String?
    var children: [Tree]
}

indirect enum Expression: Codable, Hashable {
    case number(Int)
    case sum(Expression, Expression)
    case negative(of: Expression)
    case nothing
}

extension Everything {
    /// A random value.
    static func random(_ random: inout SplitMix64) -> Everything {
        func number(_ bound: UInt64) -> Int { Int(random.next() % bound) }
        func flip() -> Bool { random.next() % 2 == 0 }
        func text() -> String {
            let letters = ["a", "b", "é", "e\u{301}", "日", "🙂", "\0", "\n", "0"]
            return (0..<number(12)).map { _ in letters[number(UInt64(letters.count))] }.joined()
        }
        func integer<T: FixedWidthInteger>(_ type: T.Type) -> T {
            switch random.next() % 4 {
            case 0: T.max
            case 1: T.min
            case 2: T(truncatingIfNeeded: random.next() % 100)
            default: T(truncatingIfNeeded: random.next()) &* T(truncatingIfNeeded: random.next())
            }
        }
        func double() -> Double {
            let values = [0, 1.5, -2.25, .infinity, -.infinity, .leastNonzeroMagnitude, 1e300]
            return flip() ? values[number(UInt64(values.count))] : Double(Int64(truncatingIfNeeded: random.next()))
        }
        func list<T>(_ element: () -> T) -> [T] { (0..<number(4)).map { _ in element() } }
        func maybe<T>(_ value: @autoclosure () -> T) -> T? { flip() ? value() : nil }
        func shape() -> Shape {
            switch random.next() % 3 {
            case 0: .point
            case 1: .circle(radius: double())
            default: .polygon(list(double), isClosed: flip(), name: maybe(text()))
            }
        }
        func address() -> Address { Address(street: text(), zip: maybe(integer(Int.self)), isHome: maybe(flip())) }
        let colors: [Color] = [.red, .green, .blue]
        return Everything(
            bool: flip(), int: integer(Int.self), int8: integer(Int8.self), int16: integer(Int16.self),
            int32: integer(Int32.self), int64: integer(Int64.self), int128: integer(Int128.self),
            uint: integer(UInt.self), uint8: integer(UInt8.self), uint16: integer(UInt16.self),
            uint32: integer(UInt32.self), uint64: integer(UInt64.self), float: Float(number(1000)) / 4,
            double: double(), string: text(), data: Data(list { integer(UInt8.self) }),
            bytes: list { integer(UInt8.self) }, date: Date(timeIntervalSinceReferenceDate: double()),
            uuid: UUID(), maybeBool: maybe(flip()), maybeInt: maybe(integer(Int.self)), maybeString: maybe(text()),
            maybeDate: maybe(Date(timeIntervalSinceReferenceDate: double())), maybeMaybe: maybe(maybe(number(9))),
            color: colors[number(3)], level: maybe(flip() ? .low : .high), shape: shape(), shapes: list(shape),
            address: address(), addresses: list(address), maybeAddress: maybe(address()), nothing: Nothing(),
            nothings: list { Nothing() }, wrapper: Wrapper(rawValue: text()), ints: list { integer(Int.self) },
            strings: list(text), bools: list(flip), maybes: list { maybe(number(9)) }, lists: list { list(text) },
            tags: Set(list(text)), counts: Dictionary(list { (text(), number(9)) }) { first, _ in first },
            byNumber: Dictionary(list { (number(99), list(text)) }) { first, _ in first },
            byColor: Dictionary(list { (colors[number(3)], maybe(double())) }) { first, _ in first })
    }
}

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
public import KVDS

extension Tuple {
    /// One element of a tuple, with its type.
    ///
    /// Two elements are equal if their encodings are, and have the order of their encodings; see ``Tuple``.
    public enum Element: Sendable {
        /// Nil, which comes first.
        case null
        /// A sequence of bytes.
        case bytes(Bytes)
        /// A string.
        case string(String)
        /// A nested tuple.
        case tuple(Tuple)
        /// An integer.
        case integer(Int128)
        /// An integer outside of the range of `Int128`, or in the long form that Python gives two integers.
        case bigInteger(BigInteger)
        /// A number of single precision.
        case float(Float)
        /// A number of double precision. Dates are such numbers.
        case double(Double)
        /// True or false.
        case bool(Bool)
        /// A UUID.
        case uuid(UUID)
        /// A versionstamp of FoundationDB.
        case versionstamp(Versionstamp)
    }
}

extension Tuple.Element: TupleElement {
    public func pack(into writer: inout TupleWriter) {
        switch self {
        case .null: writer.appendNull()
        case .bytes(let value): writer.append(bytes: value)
        case .string(let value): writer.append(string: value.utf8)
        case .tuple(let value): writer.append(nested: value)
        case .integer(let value): writer.append(integer: value)
        case .bigInteger(let value): writer.append(bigInteger: value)
        case .float(let value): writer.append(float: value)
        case .double(let value): writer.append(double: value)
        case .bool(let value): writer.append(bool: value)
        case .uuid(let value): writer.append(uuid: value)
        case .versionstamp(let value): writer.append(versionstamp: value)
        }
    }

    public init?(tupleElement element: Tuple.Element) { self = element }
}

extension Tuple.Element: Hashable, Comparable {
    public static func == (left: Self, right: Self) -> Bool { Tuple(left) == Tuple(right) }
    public static func < (left: Self, right: Self) -> Bool { Tuple(left) < Tuple(right) }
    public func hash(into hasher: inout Hasher) { Tuple(self).hash(into: &hasher) }
}

// There is no literal for null: `tuple[9] == nil` tests whether the position exists, so null must be written `.null`.
extension Tuple.Element: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByStringLiteral
{
    public init(integerLiteral value: Int128) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(stringLiteral value: String) { self = .string(value) }
}

extension Tuple.Element {
    /// The type in words, for errors.
    var kind: String {
        switch self {
        case .null: "null"
        case .bytes: "bytes"
        case .string: "a string"
        case .tuple: "a tuple"
        case .integer: "an integer"
        case .bigInteger: "a big integer"
        case .float: "a float"
        case .double: "a double"
        case .bool: "a Boolean"
        case .uuid: "a UUID"
        case .versionstamp: "a versionstamp"
        }
    }
}

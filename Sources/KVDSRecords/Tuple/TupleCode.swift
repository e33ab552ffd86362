/// The first byte of each element, from FoundationDB's specification, which reserves the other values.
enum TupleCode {
    static let null: UInt8 = 0x00
    static let bytes: UInt8 = 0x01
    static let string: UInt8 = 0x02
    static let nested: UInt8 = 0x05
    /// The inverted length of the magnitude follows, then its inverted bytes.
    static let longNegative: UInt8 = 0x0B
    /// Eight inverted bytes of a magnitude; each greater code has one byte less.
    static let negative8: UInt8 = 0x0C
    static let negative1: UInt8 = 0x13
    static let zero: UInt8 = 0x14
    static let positive1: UInt8 = 0x15
    /// Eight bytes of a magnitude; each smaller code has one byte less.
    static let positive8: UInt8 = 0x1C
    /// The length of the magnitude follows, then its bytes.
    static let longPositive: UInt8 = 0x1D
    static let float: UInt8 = 0x20
    static let double: UInt8 = 0x21
    static let `false`: UInt8 = 0x26
    static let `true`: UInt8 = 0x27
    static let uuid: UInt8 = 0x30
    static let versionstamp: UInt8 = 0x33

    /// Ends bytes, strings and nested tuples. Followed by `escape`, it is a zero byte of bytes and strings, or null in
    /// a nested tuple.
    static let end: UInt8 = 0x00
    static let escape: UInt8 = 0xFF

    /// Whether elements with this code have an end.
    static func hasEnd(_ code: UInt8) -> Bool { code == bytes || code == string || code == nested }
}

/// The direction of one element in a key.
///
/// A descending element has the reverse order of the ascending one. Its bytes do not describe themselves: only code
/// that knows which elements of a key are descending can read it. They are the inverted bytes of the ascending element,
/// with two exceptions, without which neighbours of opposite directions would run into each other:
///
/// - Its first byte is 0xFE minus the type code. A descending null is 0xFE. An inverted null would be 0xFF, which after
///   an ascending string would read as an escaped zero, and which no ``Tuple/range(includingSelf:)`` contains.
/// - Bytes, strings and nested tuples end with 0xFF 0xFF: the inverted end, and one more byte. Otherwise the end of a
///   descending string and an ascending null after it would read as an escaped zero.
public enum ElementOrder: Sendable {
    case ascending
    case descending

    /// The first byte of an element with this type code, and also the reverse.
    func code(_ byte: UInt8) -> UInt8 { self == .ascending ? byte : 0xFE &- byte }
    /// What the other bytes are combined with by exclusive or.
    var mask: UInt8 { self == .ascending ? 0x00 : 0xFF }
}

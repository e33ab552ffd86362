public import KVDS

/// A list of elements that packs into a key and keeps its order: `("user", 42, nil)`.
///
/// ```swift
/// let key: Bytes = Tuple("user", 42, UUID()).packed
/// let parts = try Tuple(unpacking: key)
/// parts[1] == 42
/// let number = try parts[1, as: Int.self]
/// for try await entry in store.entries(in: Tuple("user", 42).range()) { … }
/// ```
///
/// **Format.** The bytes describe themselves, and equal those of FoundationDB's tuple layer. Its specification is the
/// source: <https://github.com/apple/foundationdb/blob/main/design/tuple.md>.
///
/// **Order.** Tuples have the order of their packed bytes. It compares element by element, and a tuple comes before the
/// longer ones that begin with it. Elements of different types have this order: nil, bytes, strings, nested tuples,
/// integers, `Float`, `Double`, `false`, `true`, UUIDs, versionstamps. Hence the integer 2 comes before the double 1.5.
/// Strings have the order of their UTF-8 bytes, and floating-point numbers the IEEE total order: -0.0 comes before 0.0,
/// a negative NaN first and a positive NaN last.
///
/// **Equality.** Two tuples are equal if their bytes are. So -0.0 and 0.0 differ, and "é" differs from "e" with a
/// combining accent.
///
/// **2⁶⁴-1 and its negative.** The specification, and the implementations in Go and Java, encode these two integers in
/// eight bytes, with the codes 0x1C and 0x0C. The implementation in Python uses the form for longer integers: 0x1D 0x08
/// and 0x0B 0xF7. A tuple packs the form of the specification, and unpacks both. An unpacked tuple keeps its form, so
/// that its bytes never change: the two forms are equal as integers, not as elements.
///
/// **Nesting.** Tuples can be nested. ``init(unpacking:)`` accepts up to ``maximumDepth`` levels, so that code which
/// calls itself for nested tuples cannot exhaust its stack. No function of this type calls itself.
///
/// A tuple is a key, and keys can be confidential: errors never contain its elements. ``description`` does.
public struct Tuple: Sendable {
    /// The encoding: the key.
    public let packed: Bytes
    /// The number of elements.
    public let count: Int

    /// How many levels of nested tuples ``init(unpacking:)`` accepts: 128.
    ///
    /// Deeper tuples can be packed, but not unpacked.
    public static var maximumDepth: Int { 128 }

    /// The tuple of bytes that are known to be the encoding of `count` elements.
    @usableFromInline
    init(packed: Bytes, count: Int) {
        self.packed = packed
        self.count = count
    }

    /// The tuple of the given values, in this order: `Tuple("user", 42, UUID())`.
    ///
    /// - Parameter elements: Values of any types that conform to ``TupleElement``. Write `nil as Int?` or
    ///   `Tuple.Element.null` for a null element. A ``Tuple`` becomes one nested element.
    /// - Complexity: O(n) in the number of bytes.
    @inlinable
    public init<each E: TupleElement>(_ elements: repeat each E) {
        var writer = TupleWriter()
        repeat (each elements).pack(into: &writer)
        self = writer.tuple()
    }

    /// The tuple of the elements of a sequence.
    ///
    /// - Parameter elements: Elements, for example those of another tuple.
    /// - Complexity: O(n) in the number of bytes.
    public init(elements: some Sequence<Element>) {
        var writer = TupleWriter()
        for element in elements { element.pack(into: &writer) }
        self = writer.tuple()
    }

    /// This tuple with more elements at its end.
    ///
    /// - Parameter elements: The values to add.
    /// - Complexity: O(n) in the number of bytes of the result.
    @inlinable
    public func appending<each E: TupleElement>(_ elements: repeat each E) -> Tuple {
        var writer = TupleWriter(after: self)
        repeat (each elements).pack(into: &writer)
        return writer.tuple()
    }
}

extension Tuple: ExpressibleByArrayLiteral {
    /// The tuple of the given elements: `["user", 42, .null]`.
    ///
    /// - Parameter elements: Literals, or values such as `.uuid(id)`.
    public init(arrayLiteral elements: Element...) { self.init(elements: elements) }
}

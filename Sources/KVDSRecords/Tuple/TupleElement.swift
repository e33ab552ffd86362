/// A type whose values can be elements of a tuple.
///
/// Strings, `Bytes`, `[UInt8]`, `Data`, integers, `Float`, `Double`, `Bool`, `UUID`, `Date`, optionals of them and
/// ``Tuple`` conform. A type of your own conforms by writing one of these, and reading it again:
///
/// ```swift
/// struct UserID: TupleElement {
///     let number: Int
///     init(number: Int) { self.number = number }
///     func pack(into writer: inout TupleWriter) { writer.append(number) }
///     init?(tupleElement element: Tuple.Element) {
///         guard let number = Int(tupleElement: element) else { return nil }
///         self.number = number
///     }
/// }
/// ```
///
/// Types with a raw value that conforms need no code: `enum Kind: String, TupleElement { case user, group }`.
public protocol TupleElement {
    /// Appends this value to a tuple, as exactly one element.
    ///
    /// - Parameter writer: The writer of the tuple. Call its `append` once.
    func pack(into writer: inout TupleWriter)

    /// The value that an element represents; nil if it is not a value of this type.
    ///
    /// - Parameter element: The element.
    init?(tupleElement element: Tuple.Element)
}

extension TupleElement where Self: RawRepresentable, RawValue: TupleElement {
    /// Appends the raw value to a tuple.
    ///
    /// - Parameter writer: The writer of the tuple.
    public func pack(into writer: inout TupleWriter) { rawValue.pack(into: &writer) }

    /// The value whose raw value an element represents; nil if there is none.
    ///
    /// - Parameter element: The element.
    public init?(tupleElement element: Tuple.Element) {
        guard let rawValue = RawValue(tupleElement: element) else { return nil }
        self.init(rawValue: rawValue)
    }
}

/// Nil is the null element, which comes before every other one.
extension Optional: TupleElement where Wrapped: TupleElement {
    public func pack(into writer: inout TupleWriter) {
        if let value = self { value.pack(into: &writer) } else { writer.appendNull() }
    }

    public init?(tupleElement element: Tuple.Element) {
        if case .null = element {
            self = .none
        } else if let value = Wrapped(tupleElement: element) {
            self = value
        } else {
            return nil
        }
    }
}

/// A tuple is one nested element.
extension Tuple: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(nested: self) }

    public init?(tupleElement element: Element) {
        guard case .tuple(let tuple) = element else { return nil }
        self = tuple
    }
}

// Integers of all types are one kind of element: equal numbers have equal encodings, and the order is that of numbers.

extension Int: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(integer: self) }
    public init?(tupleElement element: Tuple.Element) { self.init(integerIn: element) }
}

extension Int8: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(integer: self) }
    public init?(tupleElement element: Tuple.Element) { self.init(integerIn: element) }
}

extension Int16: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(integer: self) }
    public init?(tupleElement element: Tuple.Element) { self.init(integerIn: element) }
}

extension Int32: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(integer: self) }
    public init?(tupleElement element: Tuple.Element) { self.init(integerIn: element) }
}

extension Int64: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(integer: self) }
    public init?(tupleElement element: Tuple.Element) { self.init(integerIn: element) }
}

extension Int128: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(integer: self) }
    public init?(tupleElement element: Tuple.Element) { self.init(integerIn: element) }
}

extension UInt: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(integer: self) }
    public init?(tupleElement element: Tuple.Element) { self.init(integerIn: element) }
}

extension UInt8: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(integer: self) }
    public init?(tupleElement element: Tuple.Element) { self.init(integerIn: element) }
}

extension UInt16: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(integer: self) }
    public init?(tupleElement element: Tuple.Element) { self.init(integerIn: element) }
}

extension UInt32: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(integer: self) }
    public init?(tupleElement element: Tuple.Element) { self.init(integerIn: element) }
}

extension UInt64: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(integer: self) }
    public init?(tupleElement element: Tuple.Element) { self.init(integerIn: element) }
}

extension UInt128: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(integer: self) }
    public init?(tupleElement element: Tuple.Element) { self.init(integerIn: element) }
}

extension FixedWidthInteger {
    /// The integer of an element; nil if the element is no integer, or this type cannot represent it.
    fileprivate init?(integerIn element: Tuple.Element) {
        switch element {
        case .integer(let value): self.init(exactly: value)
        case .bigInteger(let value):
            // A negative big integer fits in a type only if it is the long form of -(2⁶⁴-1).
            guard let magnitude = value.shortMagnitude else { return nil }
            if !value.isNegative {
                self.init(exactly: magnitude)
            } else if let positive = Int128(exactly: magnitude) {
                self.init(exactly: -positive)
            } else {
                return nil
            }
        default: return nil
        }
    }
}

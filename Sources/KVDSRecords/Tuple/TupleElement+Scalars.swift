#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The order is the IEEE total order. A `Float` and a `Double` are elements of different types.
extension Float: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(float: self) }

    public init?(tupleElement element: Tuple.Element) {
        guard case .float(let value) = element else { return nil }
        self = value
    }
}

/// The order is the IEEE total order.
extension Double: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(double: self) }

    public init?(tupleElement element: Tuple.Element) {
        guard case .double(let value) = element else { return nil }
        self = value
    }
}

/// False comes before true.
extension Bool: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(bool: self) }

    public init?(tupleElement element: Tuple.Element) {
        guard case .bool(let value) = element else { return nil }
        self = value
    }
}

/// The order is that of the 16 bytes.
extension UUID: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(uuid: self) }

    public init?(tupleElement element: Tuple.Element) {
        guard case .uuid(let value) = element else { return nil }
        self = value
    }
}

/// A date is the `Double` of its seconds since 1970, `timeIntervalSince1970`, so the order is that of time.
///
/// Today this number has steps of 0.24 microseconds. Dates that differ by less can have the same key, and the date that
/// is read can differ from the one written by so much. FoundationDB has no type for dates: its other implementations
/// read the number.
extension Date: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(double: timeIntervalSince1970) }

    public init?(tupleElement element: Tuple.Element) {
        guard case .double(let seconds) = element else { return nil }
        self.init(timeIntervalSince1970: seconds)
    }
}

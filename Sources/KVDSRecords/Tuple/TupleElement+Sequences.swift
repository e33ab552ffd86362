#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
public import KVDS

/// The order is that of the UTF-8 bytes, which is the order of the Unicode scalars.
extension String: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(string: utf8) }

    public init?(tupleElement element: Tuple.Element) {
        guard case .string(let text) = element else { return nil }
        self = text
    }
}

/// A substring is the same element as a string.
extension Substring: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(string: utf8) }

    public init?(tupleElement element: Tuple.Element) {
        guard case .string(let text) = element else { return nil }
        self = text[...]
    }
}

/// Bytes are an element of their own type, which no string equals.
extension Bytes: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(bytes: self) }

    public init?(tupleElement element: Tuple.Element) {
        guard case .bytes(let bytes) = element else { return nil }
        self = bytes
    }
}

/// An array of bytes is the same element as `Bytes`. Use a ``Tuple`` for lists of other values.
extension Array: TupleElement where Element == UInt8 {
    public func pack(into writer: inout TupleWriter) { writer.append(bytes: self) }

    public init?(tupleElement element: Tuple.Element) {
        guard case .bytes(let bytes) = element else { return nil }
        self.init(bytes)
    }
}

/// Data is the same element as `Bytes`.
extension Data: TupleElement {
    public func pack(into writer: inout TupleWriter) { writer.append(bytes: self) }

    public init?(tupleElement element: Tuple.Element) {
        guard case .bytes(let bytes) = element else { return nil }
        self.init(bytes)
    }
}

import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ValueDecoder.Slot {
    /// Whether the value is nil. Otherwise the slot becomes that of the wrapped value.
    mutating func isNil(_ reader: ByteReader) throws(StoreError) -> Bool {
        if presenceBit >= 0 {
            if try !reader.bit(presenceBit, at: bitmap) { return true }
            presenceBit = -1
            return false
        }
        while node.kind == .optional, let wrapped = node.first {
            if try !reader.flag() { return true }
            node = wrapped
        }
        return false
    }

    @inline(__always)
    private mutating func begin(_ reader: ByteReader) throws(StoreError) {
        if presenceBit < 0, node.kind != .optional { return }
        if try isNil(reader) { throw mismatch("a value that is not nil") }
    }

    mutating func bool(_ reader: ByteReader) throws(StoreError) -> Bool {
        try begin(reader)
        guard node.kind == .bool else { throw mismatch("a Bool") }
        return try valueBit >= 0 ? reader.bit(valueBit, at: bitmap) : reader.flag()
    }

    /// An integer of any type, if it fits.
    mutating func integer<Integer: FixedWidthInteger>(
        _ type: Integer.Type, _ reader: ByteReader
    ) throws(StoreError) -> Integer {
        try begin(reader)
        guard node.kind == .integer else { throw mismatch("an integer") }
        return try reader.integer(type)
    }

    /// A Double, also from a stored Float or integer.
    mutating func double(_ reader: ByteReader) throws(StoreError) -> Double {
        try begin(reader)
        switch node.kind {
        case .double: return try reader.double()
        case .float: return Double(try reader.float())
        case .integer: return Double(try integer(Int128.self, reader))
        default: throw mismatch("a Double")
        }
    }

    /// A Float, also from a stored integer.
    mutating func float(_ reader: ByteReader) throws(StoreError) -> Float {
        try begin(reader)
        switch node.kind {
        case .float: return try reader.float()
        case .integer: return Float(try integer(Int128.self, reader))
        default: throw mismatch("a Float")
        }
    }

    /// A String, also from stored bytes that are UTF-8.
    mutating func string(_ reader: ByteReader) throws(StoreError) -> String {
        try begin(reader)
        guard node.kind == .string || node.kind == .bytes else { throw mismatch("a String") }
        return try reader.string()
    }

    func mismatch(_ wanted: String) -> StoreError {
        StoreError(.incompatibleSchema, "A stored value is of type \(node.kind), but the type wants \(wanted).")
    }

    /// Decodes a value of a type that the format knows.
    ///
    /// - Returns: nil if the type must decode itself.
    mutating func readKnown<T: Decodable>(_ type: T.Type, _ parent: ValueDecoder) throws -> T? {
        let reader = parent.reader
        switch node.kind {
        case .date where T.self == Date.self:
            try begin(reader)
            return unsafe cast(Date(timeIntervalSinceReferenceDate: try reader.double()), to: T.self)
        case .uuid where T.self == UUID.self:
            try begin(reader)
            return try unsafe reader.read(16) { bytes throws(StoreError) in
                unsafe cast(UUID(uuid: bytes.loadUnaligned(as: uuid_t.self)), to: T.self)
            }
        case .bytes, .string: return try bytes(type, reader)
        case .set, .map:
            guard let collection = type as? any UnorderedCollection.Type else { return nil }
            try begin(reader)
            return try collection.decodeElements(try parent.nested(in: self)) as? T
        default: return nil
        }
    }

    /// Data, Bytes or an array of bytes, also from a stored string.
    private mutating func bytes<T>(_ type: T.Type, _ reader: ByteReader) throws(StoreError) -> T? {
        guard T.self == Data.self || T.self == Bytes.self || T.self == [UInt8].self else { return nil }
        try begin(reader)
        let bytes = try reader.bytes()
        if T.self == Bytes.self { return unsafe cast(bytes, to: T.self) }
        if T.self == Data.self { return unsafe cast(Data(bytes), to: T.self) }
        return unsafe cast(Array(bytes), to: T.self)
    }
}

import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ValueEncoder.Slot {
    /// Notes that the value is not nil, and makes the slot that of the wrapped type.
    @inline(__always)
    mutating func begin() {
        if presenceBit >= 0 { setPresence() }
        while node.kind == .optional, let wrapped = node.first {
            writer.append(1 as UInt8)
            node = wrapped
        }
    }

    mutating func setPresence() {
        setBit(presenceBit)
        presenceBit = -1
    }

    private func setBit(_ bit: Int) { (bitmap.writer ?? writer).setBit(bit, at: bitmap.offset) }

    func writeNil() throws {
        if presenceBit >= 0 { return }
        guard node.kind == .optional else { throw mismatch("nil") }
        writer.append(0 as UInt8)
    }

    mutating func write(_ value: Bool) throws {
        begin()
        guard node.kind == .bool else { throw mismatch("a Bool") }
        if valueBit < 0 { return writer.append(value ? 1 : 0) }
        if value { setBit(valueBit) }
    }

    mutating func write(_ value: Int64) throws {
        begin()
        guard node.kind == .integer else { throw mismatch("an integer") }
        writer.append(signed: value)
    }

    mutating func write(_ value: UInt64) throws {
        if let small = Int64(exactly: value) { return try write(small) }
        begin()
        guard node.kind == .integer else { throw mismatch("an integer") }
        writer.append(varint: UInt128(value) << 1)
    }

    mutating func write(_ value: Int128) throws {
        if let small = Int64(exactly: value) { return try write(small) }
        begin()
        guard node.kind == .integer else { throw mismatch("an integer") }
        writer.append(varint: UInt128(bitPattern: value << 1 ^ value >> 127))
    }

    mutating func write(_ value: UInt128) throws {
        guard let signed = Int128(exactly: value) else {
            throw StoreError(.invalidRecord, "The format holds integers from -2^127 to 2^127 - 1.")
        }
        try write(signed)
    }

    mutating func write(_ value: Double) throws {
        begin()
        guard node.kind == .double else { throw mismatch("a Double") }
        writer.append(float: value)
    }

    mutating func write(_ value: Float) throws {
        begin()
        guard node.kind == .float else { throw mismatch("a Float") }
        writer.append(float: value)
    }

    mutating func write(_ value: String) throws {
        begin()
        guard node.kind == .string else { throw mismatch("a String") }
        writer.append(string: value)
    }

    func mismatch(_ found: String) -> StoreError {
        StoreError(.invalidRecord, "A value was encoded as \(found), but its schema has the type \(node.kind).")
    }

    /// Encodes a value of a type that the format knows.
    ///
    /// - Returns: false if the value must encode itself.
    mutating func writeKnown<T: Encodable>(_ value: T, _ parent: ValueEncoder) throws -> Bool {
        var node = node
        // A value that is not an optional may be the value of one.
        if node.kind == .optional, !(T.self is any OptionalValue.Type) {
            while node.kind == .optional, let wrapped = node.first { node = wrapped }
        }
        switch node.kind {
        case .string where T.self == String.self: try write(unsafe cast(value, to: String.self))
        case .integer where T.self == Int.self: try write(Int64(unsafe cast(value, to: Int.self)))
        case .double where T.self == Double.self: try write(unsafe cast(value, to: Double.self))
        case .date where T.self == Date.self:
            begin()
            writer.append(float: unsafe cast(value, to: Date.self).timeIntervalSinceReferenceDate)
        case .uuid where T.self == UUID.self:
            begin()
            let uuid = unsafe cast(value, to: UUID.self).uuid
            unsafe withUnsafeBytes(of: uuid) { unsafe writer.append($0) }
        case .bytes: return try writeBytes(value)
        case .set, .map:
            guard let collection = value as? any UnorderedCollection else { return false }
            begin()
            try collection.encodeElements(in: self, try parent.nested(in: self))
        default: return false
        }
        return true
    }

    private mutating func writeBytes(_ value: some Encodable) throws -> Bool {
        guard let bytes = value as? any Sequence<UInt8> else { return false }
        begin()
        let copy = Bytes(bytes)
        writer.append(varint: UInt64(copy.count))
        writer.append(copy)
        return true
    }
}

/// The value as a value of `Target`.
///
/// - Precondition: `Source.self == Target.self`.
@inline(__always)
@unsafe
func cast<Source, Target>(_ value: Source, to type: Target.Type) -> Target {
    unsafe withUnsafePointer(to: value) { unsafe UnsafeRawPointer($0).assumingMemoryBound(to: Target.self).pointee }
}

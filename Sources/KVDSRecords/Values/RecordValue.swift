package import KVDS

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// A stored value of any type, decoded with its schema and without its Swift type. For tools.
package indirect enum RecordValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int128)
    case float(Float)
    case double(Double)
    case string(String)
    case bytes(Bytes)
    case date(Date)
    case uuid(UUID)
    case list([RecordValue])
    /// The entries of a dictionary whose keys are strings.
    case dictionary([Member])
    /// The entries of another dictionary.
    case map([Pair])
    /// The fields of a struct, with their names.
    case record([Member])
    /// A case of an enum, with its associated values.
    case enumCase(String, [Member])

    package struct Pair: Hashable, Sendable {
        package let key: RecordValue
        package let value: RecordValue
    }

    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: RecordValue
    }

    /// Decodes a record without its header.
    ///
    /// - Parameter layout: the schema that it was written with.
    /// - Throws: `.corrupt` if the bytes are damaged.
    init(_ bytes: Bytes, _ layout: SchemaLayout) throws(StoreError) {
        self = try unsafe bytes.withUnsafeBytes { buffer throws(StoreError) in
            let reader = unsafe ByteReader(buffer)
            defer { reader.invalidate() }
            let value = try RecordValue(layout.root, reader, layout, depth: 0)
            if !reader.isAtEnd { throw .corruptRecord("It continues after its end.") }
            return value
        }
    }

    private init(_ node: TypeNode, _ reader: ByteReader, _ layout: SchemaLayout, depth: Int) throws(StoreError) {
        guard depth <= ValueEncoder.maximumDepth else {
            throw .corruptRecord("It is nested more than \(ValueEncoder.maximumDepth) levels deep.")
        }
        switch node.kind {
        case .bool: self = .bool(try reader.flag())
        case .integer: self = .integer(try reader.zigzag())
        case .float: self = .float(Float(bitPattern: try reader.littleEndian(UInt32.self)))
        case .double: self = .double(Double(bitPattern: try reader.littleEndian(UInt64.self)))
        case .date:
            let seconds = Double(bitPattern: try reader.littleEndian(UInt64.self))
            self = .date(Date(timeIntervalSinceReferenceDate: seconds))
        case .string: self = .string(try reader.string())
        case .bytes: self = .bytes(try reader.bytes())
        case .uuid:
            self = .uuid(
                try unsafe reader.read(16) { bytes throws(StoreError) in
                    unsafe UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
                })
        case .optional:
            guard try reader.flag(), let wrapped = node.first else {
                self = .null
                return
            }
            self = try RecordValue(wrapped, reader, layout, depth: depth)
        case .list, .set: self = .list(try Self.elements(node, reader, layout, depth: depth + 1))
        case .map where node.first?.kind == .string:
            self = .dictionary(try Self.namedValues(node, reader, layout, depth: depth + 1))
        case .map: self = .map(try Self.pairs(node, reader, layout, depth: depth + 1))
        case .record, .enumeration: self = try RecordValue(layout.types[node.index], reader, layout, depth: depth + 1)
        case .unsupported: throw .corruptRecord("It has a type that is not supported.")
        }
    }

    private static func elements(
        _ node: TypeNode, _ reader: ByteReader, _ layout: SchemaLayout, depth: Int
    ) throws(StoreError) -> [RecordValue] {
        var elements: [RecordValue] = []
        guard let element = node.first else { return [] }
        for _ in 0..<(try reader.length()) { elements.append(try RecordValue(element, reader, layout, depth: depth)) }
        return elements
    }

    private static func namedValues(
        _ node: TypeNode, _ reader: ByteReader, _ layout: SchemaLayout, depth: Int
    ) throws(StoreError) -> [Member] {
        var members: [Member] = []
        guard let value = node.second else { return [] }
        for _ in 0..<(try reader.length()) {
            let name = try reader.string()
            members.append(Member(name: name, value: try RecordValue(value, reader, layout, depth: depth)))
        }
        return members
    }

    private static func pairs(
        _ node: TypeNode, _ reader: ByteReader, _ layout: SchemaLayout, depth: Int
    ) throws(StoreError) -> [Pair] {
        var pairs: [Pair] = []
        guard let key = node.first, let value = node.second else { return [] }
        for _ in 0..<(try reader.length()) {
            let key = try RecordValue(key, reader, layout, depth: depth)
            pairs.append(Pair(key: key, value: try RecordValue(value, reader, layout, depth: depth)))
        }
        return pairs
    }

    private init(_ type: NamedLayout, _ reader: ByteReader, _ layout: SchemaLayout, depth: Int) throws(StoreError) {
        switch type {
        case .record(let fields): self = .record(try Self.members(fields, reader, layout, depth: depth))
        case .enumeration(let name, let cases):
            let position = try reader.varint()
            guard position < UInt64(cases.count) else { throw .corruptRecord("\(name) has no such case.") }
            let fields = cases[Int(position)]
            self = .enumCase(fields.name, try Self.members(fields, reader, layout, depth: depth))
        }
    }

    private static func members(
        _ record: RecordLayout, _ reader: ByteReader, _ layout: SchemaLayout, depth: Int
    ) throws(StoreError) -> [Member] {
        let bitmap = reader.position
        try reader.skip(record.bitmapLength + (record.fields.isEmpty ? 1 : 0))
        var members: [Member] = []
        for field in record.fields {
            let value: RecordValue
            if field.presenceBit >= 0, try !reader.bit(field.presenceBit, at: bitmap) {
                value = .null
            } else if field.valueBit >= 0 {
                value = .bool(try reader.bit(field.valueBit, at: bitmap))
            } else {
                value = try RecordValue(field.node, reader, layout, depth: depth)
            }
            members.append(Member(name: field.name, value: value))
        }
        return members
    }
}

import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One JSON object a line: `{"key":"user:42","value":"ada"}`.
///
/// Bytes that are not UTF-8 go into a field of their own as Base64: `{"key":"photo:9","value_base64":"iVBORw=="}`. Other
/// fields are ignored when rows are read, and of a field that is there twice one counts.
enum JSONLinesCodec {
    /// The names of the fields that are the key and the value.
    struct Columns {
        var key: String
        var value: String
    }

    private static let decoder = JSONDecoder()
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return encoder
    }()

    /// Appends a JSON object with its members in the order of their names.
    static func append(_ object: some Encodable, to output: inout [UInt8]) throws {
        output.append(contentsOf: try encoder.encode(object))
    }

    /// Appends the row of an entry, without a line feed.
    static func append(_ entry: Entry, keysOnly: Bool, to output: inout [UInt8]) throws {
        try append(WrittenRow(key: entry.key, value: keysOnly ? nil : entry.value), to: &output)
    }

    /// Appends the row of a change, without a line feed: its entry, with a null for the value that was deleted.
    static func append(_ change: Change, _ revision: Revision, to output: inout [UInt8]) throws {
        try append(WrittenChange(revision: revision, change: change), to: &output)
    }

    /// The entry of a line.
    static func entry(of line: [UInt8], _ columns: Columns) throws(BadRow) -> Entry {
        guard Bytes(line).isUTF8 else { throw BadRow("the line is not UTF-8") }
        do {
            return try decoder.decode(ReadRow.self, from: Data(line), configuration: columns).entry
        } catch {
            throw (error as? BadRow) ?? BadRow(explaining: error)
        }
    }
}

/// The name of a field.
private struct FieldName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }

    /// The field for bytes that are not text.
    var base64: FieldName { FieldName(stringValue + "_base64") }
}

private struct WrittenRow: Encodable {
    let key: Bytes
    let value: Bytes?

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: FieldName.self)
        try Self.encode(key, FieldName("key"), into: &fields)
        if let value { try Self.encode(value, FieldName("value"), into: &fields) }
    }

    fileprivate static func encode(
        _ bytes: Bytes, _ name: FieldName, into fields: inout KeyedEncodingContainer<FieldName>
    ) throws {
        if bytes.isUTF8 {
            try fields.encode(String(decoding: bytes, as: UTF8.self), forKey: name)
        } else {
            try fields.encode(Data(bytes), forKey: name.base64)
        }
    }
}

private struct WrittenChange: Encodable {
    let revision: Revision
    let change: Change

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: FieldName.self)
        try fields.encode(revision.rawValue, forKey: FieldName("revision"))
        try WrittenRow.encode(change.key, FieldName("key"), into: &fields)
        if let value = change.value {
            try WrittenRow.encode(value, FieldName("value"), into: &fields)
        } else {
            try fields.encodeNil(forKey: FieldName("value"))
        }
    }
}

private struct ReadRow: DecodableWithConfiguration {
    let entry: Entry

    init(from decoder: any Decoder, configuration: JSONLinesCodec.Columns) throws {
        let fields = try decoder.container(keyedBy: FieldName.self)
        entry = Entry(
            key: try Self.bytes(FieldName(configuration.key), fields),
            value: try Self.bytes(FieldName(configuration.value), fields))
    }

    private static func bytes(_ name: FieldName, _ fields: KeyedDecodingContainer<FieldName>) throws -> Bytes {
        let (text, base64) = (name.stringValue, name.base64.stringValue)
        switch (fields.contains(name), fields.contains(name.base64)) {
        case (true, false): return Bytes(try fields.decode(String.self, forKey: name))
        case (false, true): return Bytes(try fields.decode(Data.self, forKey: name.base64))
        case (false, false): throw BadRow("there is no field \(text) or \(base64)")
        case (true, true): throw BadRow("there are both a field \(text) and a field \(base64)")
        }
    }
}

extension BadRow {
    /// What the decoder of the library found wrong.
    fileprivate init(explaining error: any Error) {
        let example = "each line is one object, as in {\"key\":\"a\",\"value\":\"1\"}"
        switch error {
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            self.init(
                context.codingPath.last.map { "the field \($0.stringValue) is not a string" }
                    ?? "no JSON object; \(example)")
        case DecodingError.dataCorrupted(let context):
            self.init(
                context.codingPath.last.map {
                    $0.stringValue.hasSuffix("_base64")
                        ? "the field \($0.stringValue) is not Base64" : "the field \($0.stringValue) is not valid JSON"
                } ?? "not valid JSON; \(example)")
        default: self.init("not valid JSON; \(example)")
        }
    }
}

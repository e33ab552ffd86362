package import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One JSON object per line: `{"key":"user:42","value":"ada"}`.
///
/// Bytes that are not UTF-8 are written as Base64 in a field of their own:
/// `{"key":"photo:9","value_base64":"iVBORw=="}`. The reader ignores other fields, and uses one occurrence of a
/// repeated field.
package enum JSONLinesCodec {
    /// The names of the fields that are the key and the value.
    struct Columns {
        var key: String
        var value: String
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return encoder
    }()

    /// Appends a JSON object with its members sorted by name.
    package static func append(_ object: some Encodable, to output: inout [UInt8]) throws {
        output.append(contentsOf: try encoder.encode(object))
    }

    /// Appends the row of an entry, without a line feed.
    static func append(_ entry: Entry, keysOnly: Bool, to output: inout [UInt8]) throws {
        try append(WrittenRow(key: entry.key, value: keysOnly ? nil : entry.value), to: &output)
    }

    /// Appends the row of a change, without a line feed: its revision, key and value, with null as the value of a
    /// deleted key.
    package static func append(_ change: Change, _ revision: Revision, to output: inout [UInt8]) throws {
        try append(WrittenChange(revision: revision, change: change), to: &output)
    }

    /// The entry of a line.
    static func entry(of line: [UInt8], _ columns: Columns) throws(BadRow) -> Entry {
        guard Bytes(line).isUTF8 else { throw BadRow("the line is not UTF-8") }
        var key = Field(columns.key)
        var value = Field(columns.value)
        var reader = JSONObjectReader(line)
        while let name = try reader.nextName() {
            if try key.read(name, &reader) { continue }
            if try value.read(name, &reader) { continue }
            try reader.skipValue()
        }
        return Entry(key: try key.bytes, value: try value.bytes)
    }
}

/// A field that is read from a row, as text or as Base64 under another name.
private struct Field {
    let name: String
    private let base64Name: String
    private var text: Bytes?
    private var base64: Bytes?

    init(_ name: String) {
        self.name = name
        base64Name = name + "_base64"
    }

    /// Reads the member called `member`, if it is this field.
    mutating func read(_ member: String, _ reader: inout JSONObjectReader) throws(BadRow) -> Bool {
        guard member == name || member == base64Name else { return false }
        guard let bytes = try reader.stringValue() else { throw BadRow("the field \(member) is not a string") }
        if member == name {
            text = Bytes(bytes)
        } else if let data = Data(base64Encoded: Data(bytes)) {
            base64 = Bytes(data)
        } else {
            throw BadRow("the field \(member) is not Base64")
        }
        return true
    }

    var bytes: Bytes {
        get throws(BadRow) {
            switch (text, base64) {
            case (let bytes?, nil), (nil, let bytes?): return bytes
            case (nil, nil): throw BadRow("there is no field \(name) or \(base64Name)")
            case (_?, _?): throw BadRow("there are both a field \(name) and a field \(base64Name)")
            }
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

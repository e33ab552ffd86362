import KVDS
import KVDSRecords

/// The coder of the records of tables, which no other package may use.
///
/// This target is compiled without access control, so that the coder can be measured without a store, and the library
/// needs no public function for it.
public struct RecordCodec<Record: Codable & Sendable>: Sendable {
    private let coder: RecordCoder<Record>

    public init(_ type: Record.Type = Record.self) throws { coder = try RecordCoder(type) }

    public func encode(_ record: Record) throws -> Bytes { try coder.encode(record) }
    public func decode(_ bytes: Bytes) throws -> Record { try coder.decode(bytes) }

    /// Decodes one field of a record.
    public func decodeField<Value: Decodable>(_ name: String, as type: Value.Type, from bytes: Bytes) throws -> Value? {
        try coder.decodeField(name, as: type, from: bytes)
    }
}

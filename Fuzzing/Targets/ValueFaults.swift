import KVDS
import KVDSRecords

/// Checks the values that are records of a type.
enum ValueFaults {
    /// The type, as a program knows it that has only the last field.
    private struct LastField: Codable { var last: String? }

    private static let coder = try? RecordCoder(FuzzedRecord.self)
    private static let lastField = try? RecordCoder(LastField.self)

    static func fault(inRecord input: [UInt8]) -> String? {
        guard let coder, let lastField else { return "the types have no schema" }
        let record: FuzzedRecord
        do throws(StoreError) {
            record = try coder.decode(Bytes(input))
        } catch {
            return error.code == .corrupt || error.code == .incompatibleSchema ? nil : "decoding throws \(error)"
        }
        do throws(StoreError) {
            let encoded = try coder.encode(record)
            let again = try coder.decode(encoded)
            if again != record { return "\(record) became \(again)" }
            if try coder.encode(again) != encoded { return "\(record) has two encodings" }
            // This one passes over all other fields.
            let last = try lastField.decode(Bytes(input), writtenWith: coder.layout).last
            return last == record.last ? nil : "the last field of \(record) is read as \(last ?? "nil")"
        } catch {
            return "\(record) cannot be encoded and decoded: \(error)"
        }
    }
}

import KVDS
import KVDSRecords

/// Checks what tables and queries read besides keys and records.
enum TableFaults {
    static func fault(inCatalog input: [UInt8]) -> String? {
        fault(input, .corrupt, UntrustedForms.rewrittenDescription)
            ?? fault(input, .corrupt, UntrustedForms.rewrittenSchema)
    }

    static func fault(inToken input: [UInt8]) -> String? {
        fault(input, .invalidArgument) { bytes throws(StoreError) in
            try UntrustedForms.rewrittenToken(bytes, query: 7)
        }
    }

    static func fault(inFilter input: [UInt8]) -> String? {
        guard let schema = try? Schema.of(FuzzedRecord.self) else { return "the record has no schema" }
        do throws(StoreError) {
            try UntrustedForms.parseFilter(String(decoding: input, as: UTF8.self), schema)
            return nil
        } catch {
            return error.code == .invalidArgument ? nil : "parsing throws \(error)"
        }
    }

    /// Checks that what was read and written again is read as the same.
    private static func fault(
        _ input: [UInt8], _ expected: StoreError.Code, _ rewritten: (Bytes) throws(StoreError) -> Bytes
    ) -> String? {
        let once: Bytes
        do throws(StoreError) { once = try rewritten(Bytes(input)) } catch {
            return error.code == expected || error.code == .newerFormat ? nil : "reading throws \(error)"
        }
        guard let twice = try? rewritten(once) else { return "what was written is not read" }
        return once == twice ? nil : "\(once) became \(twice)"
    }
}

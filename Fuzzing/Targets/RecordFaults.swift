import KVDS

/// Checks the records that a store and a lease write.
enum RecordFaults {
    static func fault(inNumber input: [UInt8]) -> String? {
        let number = try? unsafe input.withUnsafeBytes { bytes throws(StoreError) in
            try unsafe StoreFormat.number(bytes, "here")
        }
        guard let number else {
            let isNumber = input.count == 8 && !input.allSatisfy { $0 == 0xFF }
            return isNumber ? "a number is refused" : nil
        }
        if input != (0..<8).map({ UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }) { return "read as \(number)" }
        let isKnown = (try? StoreFormat.check(version: number, "here")) != nil
        return isKnown == (1...StoreFormat.version ~= number) ? nil : "whether version \(number) is known"
    }

    static func fault(inLease input: [UInt8]) -> String? {
        guard let record = try? LeaseRecord(Bytes(input), at: "lease", of: "here") else { return nil }
        guard let again = try? LeaseRecord(record.bytes, at: "lease", of: "here") else {
            return "\(record) is not read again"
        }
        return again == record ? nil : "\(record) became \(again)"
    }
}

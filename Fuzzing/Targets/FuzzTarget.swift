import KVDSFormats

/// A decoder or parser of bytes that come from outside.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// What `kvds import` reads.
    case tsv, csv, jsonl
    /// What `kvds export` writes.
    case rows
    /// What a user or a configuration names a store by.
    case url, id
    /// What a disk store keeps of its own.
    case metadata
    /// What a lease keeps at its key.
    case lease
    /// What a prefix on the command line becomes.
    case range

    /// Tries one input. A trap, a hang and memory without end are faults too, which whoever calls this sees by itself.
    ///
    /// - Returns: what is wrong; nil when all is well.
    public func fault(in input: [UInt8]) -> String? {
        switch self {
        case .tsv: RowFaults.fault(in: input, .tsv)
        case .csv: RowFaults.fault(in: input, .csv)
        case .jsonl: RowFaults.fault(in: input, .jsonl)
        case .rows: RowFaults.fault(writing: input)
        case .url: NameFaults.fault(inURL: input)
        case .id: NameFaults.fault(inID: input)
        case .metadata: RecordFaults.fault(inNumber: input)
        case .lease: RecordFaults.fault(inLease: input)
        case .range: NameFaults.fault(inPrefix: input)
        }
    }
}

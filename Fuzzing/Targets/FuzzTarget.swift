import KVDSFormats

/// A decoder or parser of untrusted bytes.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// The input of `kvds import`.
    case tsv, csv, jsonl
    /// The output of `kvds export`.
    case rows
    /// The name of a store, from a user or a configuration.
    case url, id
    /// The metadata of a disk store.
    case metadata
    /// The value that a lease stores at its key.
    case lease
    /// The key range of a prefix on the command line.
    case range
    /// A key that is a tuple.
    case tuple
    /// A value that is a record.
    case record
    /// The descriptions of tables and schemas in the catalog.
    case catalog
    /// A page token of a query.
    case token
    /// A filter of `kvds query`.
    case filter
    /// A value that is a compressed record.
    case compressed

    /// Tries one input. Traps, hangs and unlimited memory use are faults too, which the caller must detect itself.
    ///
    /// - Returns: a description of the fault, or nil if there is none.
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
        case .tuple: TupleFaults.fault(inTuple: input)
        case .record: ValueFaults.fault(inRecord: input)
        case .catalog: TableFaults.fault(inCatalog: input)
        case .token: TableFaults.fault(inToken: input)
        case .filter: TableFaults.fault(inFilter: input)
        case .compressed: CompressionFaults.fault(in: input)
        }
    }
}

extension Tuple {
    /// The elements as a JSON list on one line, in the forms of ``RecordValue/json``.
    package var json: String { "[\(map(\.json).joined(separator: ","))]" }
}

extension Tuple.Element {
    fileprivate var json: String {
        switch self {
        case .null: RecordValue.null.json
        case .bytes(let bytes): RecordValue.bytes(bytes).json
        case .string(let string): RecordValue.string(string).json
        case .tuple(let tuple): tuple.json
        case .integer(let integer): RecordValue.integer(integer).json
        case .bigInteger(let integer): "\(integer)"
        case .float(let float): RecordValue.float(float).json
        case .double(let double): RecordValue.double(double).json
        case .bool(let bool): RecordValue.bool(bool).json
        case .uuid(let uuid): RecordValue.uuid(uuid).json
        case .versionstamp(let versionstamp): RecordValue.bytes(versionstamp.bytes).json
        }
    }
}

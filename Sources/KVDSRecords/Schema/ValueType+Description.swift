extension ValueType {
    /// The types without inner types, by their names.
    private static let simpleTypes: [String: ValueType] = {
        let others: [ValueType] = [.bool, .float, .double, .string, .bytes, .date, .uuid]
        let all = others + IntegerType.allCases.map { .integer($0) }
        return Dictionary(all.map { ($0.simpleName ?? "", $0) }) { first, _ in first }
    }()

    /// The type with this name; nil if it is not the name of a type without inner types.
    init?(simpleName name: String) {
        guard let type = Self.simpleTypes[name] else { return nil }
        self = type
    }

    /// The name of a type without inner types, as the catalog and messages have it; nil for other types.
    var simpleName: String? {
        switch self {
        case .bool: "Bool"
        case .integer(let type): type.rawValue
        case .float: "Float"
        case .double: "Double"
        case .string: "String"
        case .bytes: "Data"
        case .date: "Date"
        case .uuid: "UUID"
        case .optional, .list, .set, .map, .named: nil
        }
    }
}

extension Schema {
    /// A type in words, for messages and tools: `[String]?`, `Address`.
    func description(of type: ValueType) -> String {
        switch type {
        case .optional(let wrapped): "\(description(of: wrapped))?"
        case .list(let element): "[\(description(of: element))]"
        case .set(let element): "Set<\(description(of: element))>"
        case .map(let key, let value): "[\(description(of: key)): \(description(of: value))]"
        case .named(let position): types.indices.contains(position) ? types[position].name : "?"
        default: type.simpleName ?? "?"
        }
    }
}

extension Schema {
    /// A type in words, for messages and tools: `[String]?`, `Address`.
    func description(of type: ValueType) -> String {
        switch type {
        case .bool: "Bool"
        case .integer(let type): type.rawValue
        case .float: "Float"
        case .double: "Double"
        case .string: "String"
        case .bytes: "Data"
        case .date: "Date"
        case .uuid: "UUID"
        case .optional(let wrapped): "\(description(of: wrapped))?"
        case .list(let element): "[\(description(of: element))]"
        case .set(let element): "Set<\(description(of: element))>"
        case .map(let key, let value): "[\(description(of: key)): \(description(of: value))]"
        case .named(let position): types.indices.contains(position) ? types[position].name : "?"
        }
    }
}

import KVDS

/// The types of fields that indexes and filters can compare.
///
/// Values are compared as elements of tuples. So strings have the order of their UTF-8 bytes, and a floating-point
/// number that is not a number equals itself.
enum ElementKind: String, Hashable, Sendable {
    case bool, integer, float, double, string, bytes, date
    case uuid = "UUID"

    /// - Returns: nil for a type that is no single value.
    init?(_ type: ValueType) {
        switch type {
        case .bool: self = .bool
        case .integer: self = .integer
        case .float: self = .float
        case .double: self = .double
        case .string: self = .string
        case .bytes: self = .bytes
        case .date: self = .date
        case .uuid: self = .uuid
        case .optional(let wrapped): self.init(wrapped)
        case .list, .set, .map, .named: return nil
        }
    }
}

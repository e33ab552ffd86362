import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An optional, whatever it wraps.
protocol OptionalValue {
    static var wrapped: any Encodable.Type { get }
}

extension OptionalValue {
    /// How many optionals are nested: 2 for `Int??`.
    static var depth: Int { 1 + ((wrapped as? any OptionalValue.Type)?.depth ?? 0) }
}

extension Optional: OptionalValue where Wrapped: Encodable {
    static var wrapped: any Encodable.Type { Wrapped.self }
}

/// An array, whatever its elements.
protocol ArrayValue {}

extension Array: ArrayValue where Element: Encodable {}

extension SchemaDiscovery {
    /// The type of a value that the format has a form for; nil for other types.
    static func knownType(_ type: Any.Type) -> ValueType? {
        switch type {
        case is Bool.Type: .bool
        case is Float.Type: .float
        case is Double.Type: .double
        case is String.Type: .string
        case is Date.Type: .date
        case is UUID.Type: .uuid
        case is Data.Type, is Bytes.Type, is [UInt8].Type: .bytes
        default: IntegerType.allCases.first { $0.swiftType == type }.map { .integer($0) }
        }
    }
}

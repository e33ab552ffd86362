/// The type of a stored value, as a schema describes it.
package indirect enum ValueType: Hashable, Sendable {
    case bool
    /// An integer of a Swift type with this name, such as `Int` or `UInt8`.
    case integer(IntegerType)
    case float, double, string, bytes, date, uuid
    case optional(ValueType)
    case list(ValueType)
    /// A set, whose elements are stored in the order of their encoded bytes.
    case set(ValueType)
    /// A dictionary, whose entries are stored in the order of their encoded keys.
    case map(ValueType, ValueType)
    /// A struct or an enum: the type at this position in ``Schema/types``.
    case named(Int)
}

/// The integer types of Swift. All are stored alike; the type bounds what a reader accepts.
package enum IntegerType: String, Hashable, Sendable, CaseIterable {
    case int = "Int"
    case int8 = "Int8"
    case int16 = "Int16"
    case int32 = "Int32"
    case int64 = "Int64"
    case int128 = "Int128"
    case uint = "UInt"
    case uint8 = "UInt8"
    case uint16 = "UInt16"
    case uint32 = "UInt32"
    case uint64 = "UInt64"
    case uint128 = "UInt128"
}

extension IntegerType {
    var swiftType: any FixedWidthInteger.Type {
        switch self {
        case .int: Int.self
        case .int8: Int8.self
        case .int16: Int16.self
        case .int32: Int32.self
        case .int64: Int64.self
        case .int128: Int128.self
        case .uint: UInt.self
        case .uint8: UInt8.self
        case .uint16: UInt16.self
        case .uint32: UInt32.self
        case .uint64: UInt64.self
        case .uint128: UInt128.self
        }
    }
}

/// A stored property of a struct, or an associated value of a case.
package struct Field: Hashable, Sendable {
    package var name: String
    package var type: ValueType

    package init(_ name: String, _ type: ValueType) {
        self.name = name
        self.type = type
    }
}

/// A struct, or an enum with associated values. Types refer to it by position, so that they may be recursive.
package enum NamedType: Hashable, Sendable {
    case record(String, [Field])
    case enumeration(String, [Case])

    /// A case and its associated values.
    package struct Case: Hashable, Sendable {
        package var name: String
        package var fields: [Field]

        package init(_ name: String, _ fields: [Field]) {
            self.name = name
            self.fields = fields
        }
    }

    package var name: String {
        switch self {
        case .record(let name, _), .enumeration(let name, _): name
        }
    }
}

/// The description of a type that is enough to read its stored values without the type.
package struct Schema: Hashable, Sendable {
    package var root: ValueType
    package var types: [NamedType]

    package init(root: ValueType, types: [NamedType]) {
        self.root = root
        self.types = types
    }
}

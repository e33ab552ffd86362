package import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Schema {
    /// The schema of a type: its fields, with their names and types in the order in which the type encodes them.
    ///
    /// A value is decoded from zeros and empty strings, and encoded again. Both ask for every field by its name and
    /// type, whether the compiler has written `init(from:)` and `encode(to:)` or not.
    ///
    /// - Throws: `.incompatibleSchema` if the type cannot be stored; the message names the field.
    package static func of(_ type: (some Codable).Type) throws(StoreError) -> Schema {
        var discovery = SchemaDiscovery()
        let root = try discovery.valueType(of: type, at: "\(type)")
        return Schema(root: root, types: discovery.types.map { $0 ?? .record("", []) })
    }
}

/// The types found so far.
struct SchemaDiscovery {
    /// The structs and enums. An entry is nil while its fields are being discovered.
    var types: [NamedType?] = []
    private var positions: [ObjectIdentifier: Int] = [:]

    /// - Parameter path: where the type was found, for errors.
    mutating func valueType<T: Encodable>(of type: T.Type, at path: String) throws(StoreError) -> ValueType {
        if let known = Self.knownType(type) { return known }
        switch type {
        case let type as any OptionalValue.Type: return .optional(try valueType(of: type.wrapped, at: path))
        case let type as any UnorderedCollection.Type:
            let parts = type.parts
            guard let value = parts.value else { return .set(try valueType(of: parts.element, at: path)) }
            return .map(try valueType(of: parts.element, at: path), try valueType(of: value, at: path))
        case is any Sequence.Type where !(type is any RecordPrototype.Type):
            if let element = try elementType(of: type, at: path) { return .list(element) }
        default: break
        }
        if let position = positions[ObjectIdentifier(type)] { return .named(position) }
        guard let decodable = type as? any Codable.Type else {
            throw refused(path, "cannot be decoded: make it Codable")
        }
        return try compositeType(decodable, at: path)
    }

    /// The type of the elements, if the type encodes itself as a list.
    private mutating func elementType<T: Encodable>(of type: T.Type, at path: String) throws(StoreError) -> ValueType? {
        guard let sequence = type as? any Sequence.Type,
            let element = Self.element(of: sequence) as? any Encodable.Type
        else { return nil }
        if !(type is any ArrayValue.Type) {
            guard let decodable = type as? any Codable.Type, case .list = try shape(of: decodable, 0, at: path) else {
                return nil
            }
        }
        return try valueType(of: element, at: path)
    }

    private static func element<S: Sequence>(of type: S.Type) -> Any.Type { S.Element.self }

    private mutating func compositeType<T: Codable>(_ type: T.Type, at path: String) throws(StoreError) -> ValueType {
        if let counts = EnumCases.counts(type), !(type is any RawRepresentable.Type) {
            return try enumeration(type, counts.withValues + counts.withoutValues, at: path)
        }
        let position = reserve(type)
        switch try shape(of: type, 0, at: path) {
        case .nothing: types[position] = .record("\(type)", [])
        case .record(let fields): types[position] = .record("\(type)", try self.fields(fields, at: path))
        case .single(let wrapped):
            release(type, position)
            return try valueType(of: wrapped, at: path)
        case .enumCase, .list, .unsupported:
            throw refused(path, "encodes itself in nested containers, a list or a superclass: use a struct or an array")
        }
        return .named(position)
    }

    private mutating func enumeration<T: Codable>(
        _ type: T.Type, _ count: Int, at path: String
    ) throws(StoreError) -> ValueType {
        let position = reserve(type)
        var cases: [NamedType.Case] = []
        for number in 0..<count {
            switch try shape(of: type, number, at: path) {
            case .enumCase(let name, let fields):
                cases.append(NamedType.Case(name, try self.fields(fields, at: "\(path).\(name)")))
            case .single(let wrapped):
                release(type, position)
                return try valueType(of: wrapped, at: path)
            default: throw refused(path, "is an enum whose cases do not encode themselves as the compiler would do it")
            }
        }
        types[position] = .enumeration("\(type)", cases)
        return .named(position)
    }

    private mutating func reserve(_ type: (some Any).Type) -> Int {
        types.append(nil)
        positions[ObjectIdentifier(type)] = types.count - 1
        return types.count - 1
    }

    /// Takes back the last reservation, for a type that has no position of its own.
    private mutating func release(_ type: (some Any).Type, _ position: Int) {
        types.remove(at: position)
        positions[ObjectIdentifier(type)] = nil
    }

    private mutating func fields(_ shapes: [ShapeRecorder.Field], at path: String) throws(StoreError) -> [Field] {
        var fields: [Field] = []
        for shape in shapes {
            let type = try valueType(of: shape.type, at: "\(path).\(shape.name)")
            if fields.contains(where: { $0.name == shape.name }) {
                throw refused("\(path).\(shape.name)", "is encoded twice")
            }
            fields.append(Field(shape.name, shape.isOptional ? .optional(type) : type))
        }
        return fields
    }

    private func shape<T: Codable>(
        of type: T.Type, _ position: Int, at path: String
    ) throws(StoreError) -> ShapeRecorder.Shape {
        do {
            return try ShapeRecorder.shape(of: PrototypeDecoder.value(type, position: position))
        } catch {
            let type = (error as? PrototypeDecoder.Refusal)?.type ?? "\(type)"
            throw refused(path, "contains a \(type), which accepts no empty value: make it conform to RecordPrototype")
        }
    }

    private func refused(_ path: String, _ problem: String) -> StoreError {
        StoreError(.incompatibleSchema, "\(path) \(problem).")
    }
}

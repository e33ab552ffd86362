#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A type that provides a value for the discovery of its schema.
///
/// The fields of a type are discovered by decoding a value from zeros and empty strings, and encoding it again. A type
/// whose `init(from:)` refuses such a value conforms to this protocol.
///
/// ```swift
/// struct Email: Codable, RecordPrototype {
///     static let prototype = Email("a@example.org")!
///     …
/// }
/// ```
public protocol RecordPrototype: Codable {
    /// Any value of the type. Only its fields matter, not what is in them.
    static var prototype: Self { get }
}

extension PrototypeDecoder {
    /// A value of a type that needs no decoder; nil for other types.
    static func known<T>(_ type: T.Type) -> T? {
        switch type {
        case let type as any RecordPrototype.Type: type.prototype as? T
        case is Date.Type: Date(timeIntervalSinceReferenceDate: 0) as? T
        case is UUID.Type: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) as? T
        case is Data.Type: Data() as? T
        case is URL.Type: URL(filePath: "/") as? T
        case let type as any CaseIterable.Type where EnumCases.counts(type)?.withValues == 0: firstCase(type) as? T
        case is any RawRepresentable.Type: EnumCases.all(type).first
        default: nil
        }
    }

    private static func firstCase<T: CaseIterable>(_ type: T.Type) -> T? { type.allCases.first }
}

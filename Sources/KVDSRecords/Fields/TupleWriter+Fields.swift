import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension TupleWriter {
    /// Appends the value of a field as an element.
    ///
    /// A value of a type that cannot become `kind` counts as nil.
    ///
    /// - Parameter kind: the type of the field in the newest schema. A number of an older one is widened.
    /// - Throws: `.corrupt` if the value is damaged.
    mutating func append(
        _ place: FieldPlace, _ kind: ElementKind, _ order: ElementOrder, _ reader: ByteReader
    ) throws(StoreError) {
        switch place {
        case .null: append(nil as Int?, order)
        case .flag(let flag): append(kind == .bool ? flag : nil, order)
        case .value(let node): try append(node, kind, order, reader)
        }
    }

    private mutating func append(
        _ node: TypeNode, _ kind: ElementKind, _ order: ElementOrder, _ reader: ByteReader
    ) throws(StoreError) {
        switch (node.kind, kind) {
        case (.optional, _):
            guard try reader.flag(), let wrapped = node.first else { return append(nil as Int?, order) }
            try append(wrapped, kind, order, reader)
        case (.bool, .bool): append(try reader.flag(), order)
        case (.integer, .integer): append(try reader.zigzag(), order)
        case (.integer, .double): append(field: Double(try reader.zigzag()), order)
        case (.integer, .float): append(field: Float(try reader.zigzag()), order)
        case (.float, .float): append(field: try reader.float(), order)
        case (.float, .double): append(field: Double(try reader.float()), order)
        case (.double, .double), (.date, .date): append(field: try reader.double(), order)
        case (.string, .string): append(try reader.string(), order)
        case (.bytes, .bytes): append(try reader.bytes(), order)
        case (.string, .bytes): append(Array(try reader.string().utf8), order)
        case (.uuid, .uuid):
            append(
                try unsafe reader.read(16) { bytes throws(StoreError) in
                    unsafe UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
                }, order)
        // A version with a migration may have any type here.
        default: append(nil as Int?, order)
        }
    }

    /// Appends a floating-point number. -0.0 becomes 0.0, and all numbers that are not a number become one.
    mutating func append<Number: BinaryFloatingPoint & TupleElement>(field number: Number, _ order: ElementOrder) {
        append(number == 0 ? 0 : number.isNaN ? .nan : number, order)
    }
}

extension ByteReader {
    /// An integer of any width.
    func zigzag() throws(StoreError) -> Int128 {
        let number = try longVarint()
        return Int128(truncatingIfNeeded: number >> 1) ^ -Int128(truncatingIfNeeded: number & 1)
    }
}

extension TypeNode {
    /// Whether values of this type are elements of a kind.
    func canBecome(_ other: ElementKind) -> Bool {
        switch (kind, other) {
        case (.optional, _): first?.canBecome(other) ?? false
        case (.bool, .bool), (.integer, .integer), (.integer, .double), (.integer, .float), (.float, .float),
            (.float, .double), (.double, .double), (.date, .date), (.string, .string), (.bytes, .bytes),
            (.string, .bytes), (.uuid, .uuid):
            true
        default: false
        }
    }
}

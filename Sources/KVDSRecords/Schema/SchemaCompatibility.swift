import KVDS

/// Decides whether every value of one schema can be read as another one, by the rules of Avro's schema resolution where
/// they apply.
///
/// An integer type may become a wider one, or a Double; a Float may become a Double; a string may become bytes. A field
/// that the reader lacks is skipped. A field that the writer lacks must be an optional or have a default. A case that
/// the reader lacks is not refused here, because only some values have it; reading such a value throws.
struct SchemaCompatibility {
    /// Why values cannot be read.
    struct Problem: Error {
        let field: String
        let written: String
        let wanted: String
        let remedy: String
    }

    private let writer: Schema
    private let reader: Schema
    private let expectations: FieldExpectations
    /// The pairs of types that were compared or are being compared, with 0 for the record itself, whose fields may have
    /// defaults, and 1 for the others.
    private var compared: Set<[Int]> = []

    /// - Throws: `.incompatibleSchema`, which names the table, the field, both types and the remedy.
    static func check(
        _ reader: Schema, reads writer: Schema, version: Int, table: String, _ expectations: FieldExpectations
    ) throws(StoreError) {
        var rules = SchemaCompatibility(writer: writer, reader: reader, expectations: expectations)
        do throws(Problem) {
            try rules.check(writer.root, reader.root, "", depth: 0)
        } catch {
            throw StoreError(
                .incompatibleSchema,
                "Records of the table \(table) with schema version \(version) cannot be read: \(error.field) is "
                    + "\(error.written) there, and the type wants \(error.wanted). \(error.remedy)")
        }
    }

    private init(writer: Schema, reader: Schema, expectations: FieldExpectations) {
        (self.writer, self.reader, self.expectations) = (writer, reader, expectations)
    }

    private mutating func check(
        _ written: ValueType, _ wanted: ValueType, _ path: String, depth: Int, hasDefault: Bool = false
    ) throws(Problem) {
        switch (written, wanted) {
        case (.optional(let written), .optional(let wanted)): try check(written, wanted, path, depth: depth)
        case (_, .optional(let wanted)): try check(written, wanted, path, depth: depth)
        case (.optional(let inner), _):
            if !hasDefault { throw problem(path, written, wanted, "Keep it optional, or declare a default.") }
            try check(inner, wanted, path, depth: depth)
        case (.list(let written), .list(let wanted)), (.list(let written), .set(let wanted)),
            (.set(let written), .list(let wanted)), (.set(let written), .set(let wanted)):
            try check(written, wanted, "\(path)[]", depth: depth + 1)
        case (.map(let writtenKey, let writtenValue), .map(let wantedKey, let wantedValue)):
            try check(writtenKey, wantedKey, "\(path)[key]", depth: depth + 1)
            try check(writtenValue, wantedValue, "\(path)[]", depth: depth + 1)
        case (.named(let writtenPosition), .named(let wantedPosition)):
            guard compared.insert([writtenPosition, wantedPosition, min(depth, 1)]).inserted else { return }
            switch (writer.types[writtenPosition], reader.types[wantedPosition]) {
            case (.record(_, let written), .record(_, let wanted)): try check(written, wanted, path, depth: depth)
            case (.enumeration(_, let written), .enumeration(_, let wanted)):
                for wanted in wanted {
                    guard let written = written.first(where: { $0.name == wanted.name }) else { continue }
                    try check(written.fields, wanted.fields, "\(path).\(wanted.name)", depth: depth + 1)
                }
            default: throw problem(path, written, wanted)
            }
        default: if !written.widens(to: wanted) { throw problem(path, written, wanted) }
        }
    }

    private mutating func check(
        _ written: [Field], _ wanted: [Field], _ path: String, depth: Int
    ) throws(Problem) {
        for field in wanted {
            // Defaults and old names are declared for the fields of the record itself.
            let hasDefault = depth == 0 && expectations.defaults[field.name] != nil
            let names = [field.name] + (depth == 0 ? expectations.oldNames[field.name] ?? [] : [])
            let found = names.lazy.compactMap { name in written.first { $0.name == name } }.first
            let inner = path.isEmpty ? field.name : "\(path).\(field.name)"
            if let found {
                try check(found.type, field.type, inner, depth: depth + 1, hasDefault: hasDefault)
            } else if case .optional = field.type {
                continue
            } else if !hasDefault {
                throw Problem(
                    field: inner, written: "missing", wanted: reader.description(of: field.type),
                    remedy: "Make it optional, declare a default, or declare its old name.")
            }
        }
    }

    private func problem(
        _ path: String, _ written: ValueType, _ wanted: ValueType,
        _ remedy: String = "Give the new field another name, and migrate."
    ) -> Problem {
        Problem(
            field: path.isEmpty ? "the record" : path, written: writer.description(of: written),
            wanted: reader.description(of: wanted), remedy: remedy)
    }
}

extension ValueType {
    /// Whether every value of this simple type is a value of another one.
    fileprivate func widens(to other: ValueType) -> Bool {
        switch (self, other) {
        case (.integer(let narrow), .integer(let wide)):
            wide.range.contains(narrow.range.lowerBound) && wide.range.contains(narrow.range.upperBound)
        case (.integer, .double), (.integer, .float), (.float, .double), (.string, .bytes): true
        default: self == other
        }
    }
}

extension IntegerType {
    /// The numbers of the type, as far as the format can hold them.
    fileprivate var range: ClosedRange<Int128> {
        func range<Integer: FixedWidthInteger>(_ type: Integer.Type) -> ClosedRange<Int128> {
            Int128(clamping: Integer.min)...Int128(clamping: Integer.max)
        }
        return range(swiftType)
    }
}

import KVDS

extension Filter {
    /// Records whose field equals one of several values.
    ///
    /// - Parameters:
    ///   - field: the field.
    ///   - values: the values.
    public static func isIn<Value: TupleElement & Codable>(
        _ field: FieldPath<Record, Value>, _ values: some Sequence<Value>
    ) -> Filter {
        Filter { () throws(StoreError) in
            var intervals: [ElementInterval] = []
            for value in values { intervals += ElementIntervals(try fieldElement(of: value)).intervals }
            return .within(Property(keyPath: field), ElementIntervals(intervals))
        }
    }

    /// Records whose field begins with a string.
    ///
    /// - Parameters:
    ///   - field: the field.
    ///   - prefix: its first Unicode scalars. The empty prefix matches every string.
    public static func hasPrefix(_ field: FieldPath<Record, String>, _ prefix: String) -> Filter {
        Filter(field, prefix)
    }

    /// Records whose field begins with a string, and is not nil.
    ///
    /// - Parameters:
    ///   - field: the field.
    ///   - prefix: its first Unicode scalars. The empty prefix matches every string.
    public static func hasPrefix(_ field: FieldPath<Record, String?>, _ prefix: String) -> Filter {
        Filter(field, prefix)
    }

    /// Records whose field is a list that contains a value.
    ///
    /// - Parameters:
    ///   - field: an array or a set.
    ///   - value: the value.
    public static func contains<Values: Sequence>(
        _ field: FieldPath<Record, Values>, _ value: Values.Element
    ) -> Filter where Values.Element: TupleElement & Codable {
        Filter { () throws(StoreError) in
            .contains(Property(keyPath: field, isList: true), try fieldElement(of: value))
        }
    }

    private init(_ keyPath: any AnyKeyPath & Sendable, _ prefix: String) {
        self.init { () throws(StoreError) in
            .within(Property(keyPath: keyPath), ElementIntervals(prefix: try fieldElement(of: prefix)))
        }
    }

    /// Records whose field lies between two values, and is not nil. Without a value there is no bound.
    init<Value: TupleElement & Codable>(
        _ keyPath: any AnyKeyPath & Sendable, from lower: (ElementBound.Side, Value)?,
        to upper: (ElementBound.Side, Value)?
    ) {
        self.init { () throws(StoreError) in
            let lower = try lower.map { (bound) throws(StoreError) in
                ElementBound(bound.0, try fieldElement(of: bound.1))
            }
            let upper = try upper.map { (bound) throws(StoreError) in
                ElementBound(bound.0, try fieldElement(of: bound.1))
            }
            return .within(Property(keyPath: keyPath), .values(from: lower, to: upper))
        }
    }
}

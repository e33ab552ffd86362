import KVDS

/// A property of records whose values can be compared.
///
/// `any KeyPath<Record, Value> & Sendable` is the type of a key path that is written as a literal, such as `\.age`.
public typealias FieldPath<Record, Value> = any KeyPath<Record, Value> & Sendable

/// Records whose field equals a value. Write nil for records whose field is nil.
public func == <Record, Value: TupleElement & Codable>(field: FieldPath<Record, Value>, value: Value) -> Filter<Record>
{
    Filter { () throws(StoreError) in
        .within(Property(keyPath: field), ElementIntervals(try fieldElement(of: value)))
    }
}

/// Records whose field does not equal a value. If the value is not nil, records whose field is nil are among them.
public func != <Record, Value: TupleElement & Codable>(field: FieldPath<Record, Value>, value: Value) -> Filter<Record>
{
    !(field == value)
}

/// Records whose field is less than a value.
public func < <Record, Value: TupleElement & Codable>(field: FieldPath<Record, Value>, value: Value) -> Filter<Record> {
    Filter(field, from: .none, to: (.before, value))
}

/// Records whose field is less than a value, and not nil.
public func < <Record, Value: TupleElement & Codable>(field: FieldPath<Record, Value?>, value: Value) -> Filter<Record>
{
    Filter(field, from: .none, to: (.before, value))
}

/// Records whose field is at most a value.
public func <= <Record, Value: TupleElement & Codable>(field: FieldPath<Record, Value>, value: Value) -> Filter<Record>
{
    Filter(field, from: .none, to: (.after, value))
}

/// Records whose field is at most a value, and not nil.
public func <= <Record, Value: TupleElement & Codable>(field: FieldPath<Record, Value?>, value: Value) -> Filter<Record>
{
    Filter(field, from: .none, to: (.after, value))
}

/// Records whose field is greater than a value.
public func > <Record, Value: TupleElement & Codable>(field: FieldPath<Record, Value>, value: Value) -> Filter<Record> {
    Filter(field, from: (.after, value), to: .none)
}

/// Records whose field is greater than a value, and not nil.
public func > <Record, Value: TupleElement & Codable>(field: FieldPath<Record, Value?>, value: Value) -> Filter<Record>
{
    Filter(field, from: (.after, value), to: .none)
}

/// Records whose field is at least a value.
public func >= <Record, Value: TupleElement & Codable>(field: FieldPath<Record, Value>, value: Value) -> Filter<Record>
{
    Filter(field, from: (.before, value), to: .none)
}

/// Records whose field is at least a value, and not nil.
public func >= <Record, Value: TupleElement & Codable>(field: FieldPath<Record, Value?>, value: Value) -> Filter<Record>
{
    Filter(field, from: (.before, value), to: .none)
}

/// Records whose field lies in a range.
public func ~= <Record, Value: TupleElement & Codable>(
    range: Range<Value>, field: FieldPath<Record, Value>
) -> Filter<Record> {
    Filter(field, from: (.before, range.lowerBound), to: (.before, range.upperBound))
}

/// Records whose field lies in a range, and is not nil.
public func ~= <Record, Value: TupleElement & Codable>(
    range: Range<Value>, field: FieldPath<Record, Value?>
) -> Filter<Record> {
    Filter(field, from: (.before, range.lowerBound), to: (.before, range.upperBound))
}

/// Records whose field lies in a range.
public func ~= <Record, Value: TupleElement & Codable>(
    range: ClosedRange<Value>, field: FieldPath<Record, Value>
) -> Filter<Record> {
    Filter(field, from: (.before, range.lowerBound), to: (.after, range.upperBound))
}

/// Records whose field lies in a range, and is not nil.
public func ~= <Record, Value: TupleElement & Codable>(
    range: ClosedRange<Value>, field: FieldPath<Record, Value?>
) -> Filter<Record> {
    Filter(field, from: (.before, range.lowerBound), to: (.after, range.upperBound))
}

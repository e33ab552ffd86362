import KVDS

/// A condition on the fields of records, made with Swift's operators and key paths.
///
/// ```swift
/// let filter: Filter<User> = \.city == "Oslo" && \.age >= 18 && !(\.name == "ada")
/// for try await user in table.query(filter || .hasPrefix(\.name, "b")) { … }
/// ```
///
/// **Values** are compared as they are stored, in the order of ``Tuple`` elements: strings by their UTF-8 bytes,
/// without regard to normalization; -0.0 equals 0.0; a number that is not a number equals itself and comes last. Types
/// with a raw value are compared by it.
///
/// **Nil** equals nil and nothing else. `<`, `<=`, `>`, `>=`, ranges and prefixes never match nil. `!` matches exactly
/// the records that its operand does not match, with nil among them.
public struct Filter<Record: Codable & Sendable>: Sendable {
    let node: Result<FilterNode<Property>, StoreError>

    init(_ node: FilterNode<Property>) { self.node = .success(node) }

    /// A filter on a field, made of values. An error is reported when the filter is used.
    init(_ make: () throws(StoreError) -> FilterNode<Property>) {
        do throws(StoreError) { node = .success(try make()) } catch { node = .failure(error) }
    }

    private init(_ node: Result<FilterNode<Property>, StoreError>) { self.node = node }

    /// Every record matches.
    public static var all: Filter { Filter(.all([])) }

    /// Records that match both filters.
    public static func && (left: Filter, right: Filter) -> Filter {
        Filter(left.node.flatMap { left in right.node.map { .all([left, $0]) } })
    }

    /// Records that match one of the filters, or both.
    public static func || (left: Filter, right: Filter) -> Filter {
        Filter(left.node.flatMap { left in right.node.map { .any([left, $0]) } })
    }

    /// Records that do not match the filter.
    public static prefix func ! (filter: Filter) -> Filter { Filter(filter.node.map { .not($0) }) }
}

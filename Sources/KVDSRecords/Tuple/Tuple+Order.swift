import KVDS

extension Tuple: Hashable {
    /// Whether both tuples have the same packed bytes.
    ///
    /// - Parameters:
    ///   - left: A tuple.
    ///   - right: Another tuple.
    public static func == (left: Tuple, right: Tuple) -> Bool { left.packed == right.packed }

    /// Feeds the packed bytes into a hasher.
    ///
    /// - Parameter hasher: The hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(packed) }
}

extension Tuple: Comparable {
    /// Whether the packed bytes of `left` come before those of `right`, as in every store.
    ///
    /// - Parameters:
    ///   - left: A tuple.
    ///   - right: Another tuple.
    public static func < (left: Tuple, right: Tuple) -> Bool { left.packed < right.packed }
}

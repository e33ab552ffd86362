public import KVDS

extension StoreError.Code {
    /// The bytes are not the encoding of a tuple.
    public static let malformedTuple = Self("malformedTuple", advice: .usageError)
    /// A tuple has no element at a position, or an element has another type than the one asked for.
    public static let elementMismatch = Self("elementMismatch", advice: .usageError)
}

extension StoreError {
    /// The bytes are not a tuple, because of `problem` at `position`. The message must not contain bytes of the key.
    static func malformedTuple(at position: Int, _ problem: String) -> StoreError {
        StoreError(.malformedTuple, "The bytes are not a tuple: at byte \(position), \(problem).")
    }

    @usableFromInline
    static func noElement(at position: Int, of count: Int) -> StoreError {
        StoreError(.elementMismatch, "The tuple has no element at position \(position): it has \(count) elements.")
    }

    @usableFromInline
    static func wrongCount(_ count: Int, _ wanted: Int) -> StoreError {
        StoreError(.elementMismatch, "The tuple has \(count) elements, and not \(wanted).")
    }

    @usableFromInline
    static func wrongType(_ element: Tuple.Element, at position: Int, _ type: String) -> StoreError {
        StoreError(
            .elementMismatch, "The element at position \(position), \(element.kind), is not a value of type \(type).")
    }
}

public import KVDS

extension Tuple {
    /// The tuple whose encoding is `key`.
    ///
    /// Every key that this accepts packs into the same bytes again: it refuses integers with leading zeros, strings
    /// that are not UTF-8, elements without their end, and type codes that the specification reserves. The tuple shares
    /// the storage of `key`; see `Bytes`.
    ///
    /// - Parameter key: The packed bytes of a tuple. Empty bytes are the empty tuple.
    /// - Throws: `.malformedTuple` if the bytes are not an encoding, or have more than ``maximumDepth`` levels of
    ///   nested tuples. The message names the first wrong position, and never contains the bytes.
    /// - Complexity: O(n) in the number of bytes, without allocation.
    public init(unpacking key: Bytes) throws(StoreError) {
        var reader = TupleReader(key.span)
        var count = 0
        while try reader.next() != nil { count += 1 }
        self.init(packed: key, count: count)
    }
}

extension Tuple: Sequence {
    /// Reads the elements from the packed bytes, one after the other.
    public struct Iterator: IteratorProtocol {
        let packed: Bytes
        var position = 0

        /// The next element; nil at the end.
        ///
        /// - Complexity: O(n) in the number of bytes of the element.
        public mutating func next() -> Element? {
            nextItem().map { $0.element(in: packed) }
        }

        /// The place of the next element; nil at the end.
        mutating func nextItem() -> TupleItem? {
            // Nothing is thrown: a tuple contains only valid bytes.
            var reader = TupleReader(packed.span, from: position, maximumDepth: .max)
            guard let item = try? reader.next() else { return nil }
            position = item.bounds.upperBound
            return item
        }
    }

    /// An iterator over the elements. It decodes each element when it is asked for it.
    public func makeIterator() -> Iterator { Iterator(packed: packed) }
}

extension Tuple {
    /// The element at a position; nil if the tuple has no such position.
    ///
    /// Literals can be compared with it: `parts[1] == 42`. A null element is `.null`, and not nil.
    ///
    /// - Parameter position: The number of elements before it.
    /// - Complexity: O(n) in the number of bytes. Iterate over the tuple to get all elements.
    public subscript(position: Int) -> Element? {
        guard position >= 0, position < count else { return nil }
        var iterator = makeIterator()
        for _ in 0..<position { _ = iterator.nextItem() }
        return iterator.next()
    }

    /// The value of the element at a position, for example `try parts[1, as: Int.self]`.
    ///
    /// Elements are not converted: an integer is a value of every integer type that can represent it, a `Double` is a
    /// `Double` or a `Date`, and null is a value of optional types.
    ///
    /// - Parameters:
    ///   - position: The number of elements before it.
    ///   - type: The type of the value.
    /// - Throws: `.elementMismatch` if the tuple has no such position, or the element is not a value of the type.
    /// - Complexity: O(n) in the number of bytes.
    @inlinable
    public subscript<E: TupleElement>(position: Int, as type: E.Type) -> E {
        get throws(StoreError) { try value(of: self[position], at: position, as: type) }
    }

    /// The values of all elements: `let (name, number) = try parts.values(as: String.self, Int.self)`.
    ///
    /// - Parameter types: The types of the elements, in their order.
    /// - Throws: `.elementMismatch` if the tuple has another number of elements, or one of them is not a value of its
    ///   type.
    /// - Complexity: O(n) in the number of bytes.
    @inlinable
    public func values<each E: TupleElement>(as types: repeat (each E).Type) throws(StoreError) -> (repeat each E) {
        var position = 0
        var iterator = makeIterator()
        let values = (repeat try value(of: iterator.next(), at: position.advance(), as: each types))
        guard position == count else { throw .wrongCount(count, position) }
        return values
    }

    /// The value of the element at `position`, which is nil if there is none.
    @inlinable
    func value<E: TupleElement>(of element: Element?, at position: Int, as type: E.Type) throws(StoreError) -> E {
        guard let element else { throw .noElement(at: position, of: count) }
        guard let value = E(tupleElement: element) else { throw .wrongType(element, at: position, "\(type)") }
        return value
    }
}

extension Int {
    /// Adds one.
    ///
    /// - Returns: the number before that.
    @inlinable
    mutating func advance() -> Int {
        defer { self += 1 }
        return self
    }
}

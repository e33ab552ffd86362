package import KVDS

/// Walks over the elements of a key from left to right, without allocation, and checks that they are valid.
///
/// The key may come from outside: each wrong byte is an error. Nested tuples are passed over without recursion.
///
/// ```swift
/// var reader = TupleReader(key.span, from: prefix.count)
/// let name = try reader.next()              // the place of the element, for `element(in: key)`
/// let date = try reader.next(.descending)
/// ```
package struct TupleReader: ~Escapable {
    let bytes: Span<UInt8>
    private let maximumDepth: Int
    /// The number of bytes already read: where the next element begins.
    package internal(set) var position: Int
    /// The mask of the element being read.
    private(set) var mask: UInt8 = 0

    /// A reader of the elements from `position` on, with at most `maximumDepth` levels of nested tuples.
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>, from position: Int = 0, maximumDepth: Int = Tuple.maximumDepth) {
        self.bytes = bytes
        self.position = position
        self.maximumDepth = maximumDepth
    }

    /// Whether all bytes were read.
    package var isAtEnd: Bool { position >= bytes.count }

    /// The place of the next element, which was written in the given direction; nil at the end.
    ///
    /// - Throws: `.malformedTuple` if there is no valid element at this position.
    @_lifetime(self: copy self)
    package mutating func next(_ order: ElementOrder = .ascending) throws(StoreError) -> TupleItem? {
        if isAtEnd { return nil }
        let start = position
        let code = order.code(bytes[start])
        mask = order.mask
        position += 1
        let content = code == TupleCode.nested ? try skipNested() : try skip(code)
        if order == .descending, TupleCode.hasEnd(code) {
            guard position < bytes.count, bytes[position] == 0xFF else {
                throw .malformedTuple(at: position, "the second byte of the end of a descending element is missing")
            }
            position += 1
        }
        return TupleItem(code: code, order: order, bounds: start..<position, content: content)
    }

    /// Passes over the byte after a null of a nested tuple.
    @_lifetime(self: copy self)
    mutating func passEscape() { position += 1 }

    /// Passes over the rest of a nested tuple.
    @_lifetime(self: copy self)
    private mutating func skipNested() throws(StoreError) -> TupleItem.Content {
        var content = TupleItem.Content()
        var depth = 1
        while true {
            guard position < bytes.count else {
                throw .malformedTuple(at: position, "the end of a nested tuple is missing")
            }
            let code = bytes[position] ^ mask
            if depth == 1 { content.count += 1 }
            position += 1
            if code == TupleCode.null {
                // Null, if an escape follows; otherwise the end.
                if position < bytes.count, bytes[position] ^ mask == TupleCode.escape {
                    position += 1
                    if depth == 1 { content.hasEscapes = true }
                } else {
                    depth -= 1
                    if depth == 0 { break }
                }
            } else if code == TupleCode.nested {
                guard depth < maximumDepth else {
                    throw .malformedTuple(at: position - 1, "tuples are nested in more than \(maximumDepth) levels")
                }
                depth += 1
            } else {
                _ = try skip(code)
            }
        }
        content.count -= 1
        return content
    }
}

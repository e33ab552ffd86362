import KVDS

/// A place between elements: before or after all elements that begin with some bytes.
struct ElementBound: Hashable, Sendable {
    enum Side: Hashable, Sendable { case before, after }

    /// One element, the first bytes of a string, or nothing.
    let bytes: Bytes
    let side: Side
    /// Whether the bytes are less than an element.
    let isPartial: Bool
    /// The bytes that lie between the elements before and after the place.
    let position: Bytes

    init(_ side: Side, _ bytes: Bytes, isPartial: Bool = false) {
        (self.bytes, self.side, self.isPartial) = (bytes, side, isPartial)
        position = side == .before ? bytes : bytes.followed(by: 0xFF)
    }

    static func == (left: ElementBound, right: ElementBound) -> Bool { left.position == right.position }

    func hash(into hasher: inout Hasher) { hasher.combine(position) }

    /// Before every element.
    static let start = ElementBound(.before, Bytes(), isPartial: true)
    /// After every element.
    static let end = ElementBound(.after, Bytes(), isPartial: true)
    /// The null element.
    static let null = Bytes([TupleCode.null])
    /// Between the null element and all others.
    static let afterNull = ElementBound(.after, null)

    /// Where the place is among elements that are written in a direction.
    func position(_ order: ElementOrder) -> Bytes {
        if order == .ascending { return position }
        var writer = TupleWriter()
        writer.write(element: bytes, .descending, isPartial: isPartial)
        let inverted = writer.bytes()
        switch side {
        case .after: return inverted
        case .before: return isPartial ? inverted.successor : inverted.followed(by: 0xFF)
        }
    }
}

extension Bytes {
    /// The first bytes after all that begin with these. For nothing, and where there are none, a byte that no element
    /// begins with.
    fileprivate var successor: Bytes {
        var bytes = Array(self)
        while let last = bytes.last, last == 0xFF { bytes.removeLast() }
        guard let last = bytes.last else { return Bytes([0xFF]) }
        bytes[bytes.count - 1] = last + 1
        return Bytes(bytes)
    }
}

/// The contents of a node to be made: entries of older nodes and new entries, in key order.
///
/// It is `@safe` because it is used only while a node is made of it, and everything it points to lives at least as
/// long.
@safe
struct NodeContents {
    @safe
    enum Segment {
        case run(MemoryNode, Range<Int>)
        case entry(key: UnsafeRawBufferPointer, value: UnsafePointer<Bytes>)
        case child(key: UnsafeRawBufferPointer, MemoryNode)
    }

    let height: Int
    let pieces: [Segment]
    private(set) var count = 0
    private(set) var packedCount = 0
    /// The number of large values.
    private(set) var largeCount = 0

    init(height: Int, _ pieces: [Segment]) {
        self.height = height
        self.pieces = pieces
        for piece in pieces {
            count += piece.count
            packedCount += piece.packedLength
            largeCount += piece.largeCount
        }
    }

    /// The size that decides whether a node is split. Copying a node does not copy its large values, but touches them.
    private var weight: Int { packedCount + 256 * largeCount }

    /// The entries in `range`.
    func part(_ range: Range<Int>) -> NodeContents {
        var start = 0
        var part: [Segment] = []
        for piece in pieces {
            let end = start + piece.count
            let wanted = range.clamped(to: start..<end)
            if !wanted.isEmpty {
                part.append(piece.part(wanted.lowerBound - start..<wanted.upperBound - start))
            }
            start = end
        }
        return NodeContents(height: height, part)
    }

    /// The index at which to split the contents; nil when they fit into one node or cannot be split.
    ///
    /// - Parameter grewAtEnd: whether the last entry is new. Keys then arrive in order, and the left part should stay
    ///   full.
    func splitPoint(grewAtEnd: Bool) -> Int? {
        if count <= MemoryDraft.maximumCount(height) && weight <= MemoryDraft.maximumBytes { return nil }
        // A branch with a single child would be useless.
        let least = height == 0 ? 1 : 2
        if count < 2 * least { return nil }
        if grewAtEnd { return count - least }
        var before = 0
        let middle = (0..<count).first { index in
            before += part(index..<index + 1).weight
            return before * 2 >= weight
        }
        return min(max(middle ?? 0, least), count - least)
    }
}

extension NodeContents.Segment {
    fileprivate var count: Int {
        switch self {
        case .run(_, let range): range.count
        case .entry, .child: 1
        }
    }

    fileprivate var packedLength: Int {
        switch self {
        case .run(let node, let range): node.packedLength(of: range)
        case .entry(let key, let value):
            unsafe key.count + (value.pointee.count > MemoryNode.largeValue ? 0 : value.pointee.count)
        case .child(let key, _): key.count
        }
    }

    fileprivate var largeCount: Int {
        switch self {
        case .run(let node, let range): node.largeCount == 0 ? 0 : range.count { unsafe node.slots[$0].isLarge }
        case .entry(_, let value): unsafe value.pointee.count > MemoryNode.largeValue ? 1 : 0
        case .child: 0
        }
    }

    /// The entries in `range`, whose indices count from the first entry of the segment.
    fileprivate func part(_ range: Range<Int>) -> NodeContents.Segment {
        guard case .run(let node, let all) = self else { return self }
        return .run(node, all.lowerBound + range.lowerBound..<all.lowerBound + range.upperBound)
    }
}

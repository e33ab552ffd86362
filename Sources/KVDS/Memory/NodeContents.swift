/// What a node is to hold: entries of older nodes, and new ones, in key order.
///
/// It is `@safe` because it lives no longer than what it points to: while nodes are made of it.
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
    /// How many large values there are.
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

    /// What counts towards the size at which a node is split. A large value is not copied with its node, but it is touched.
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

    /// Where to split, if this is too much for one node.
    ///
    /// - Parameter grewAtEnd: the last entry is new: keys arrive in order, and the left part is best left full.
    func splitPoint(grewAtEnd: Bool) -> Int? {
        if count <= MemoryDraft.maximumCount(height) && weight <= MemoryDraft.maximumBytes { return nil }
        // A branch of one child would be of no use.
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

    /// The entries in `range`, counted from the first of the piece.
    fileprivate func part(_ range: Range<Int>) -> NodeContents.Segment {
        guard case .run(let node, let all) = self else { return self }
        return .run(node, all.lowerBound + range.lowerBound..<all.lowerBound + range.upperBound)
    }
}

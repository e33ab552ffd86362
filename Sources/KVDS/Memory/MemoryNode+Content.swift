import Synchronization

/// What a node holds, and how long.
extension MemoryNode {
    var version: UInt64 { unsafe header.pointee.version }
    /// 0 for a leaf.
    var height: Int { unsafe Int(header.pointee.height) }
    var isLeaf: Bool { height == 0 }
    /// How many entries or children there are.
    var count: Int { unsafe Int(header.pointee.count) }
    var packedCount: Int { unsafe Int(header.pointee.packedCount) }
    /// The first entry that has a key.
    var firstKeyIndex: Int { isLeaf ? 0 : 1 }

    var largeCount: Int {
        isLeaf ? unsafe Int(header.pointee.referencesLength) / MemoryLayout<Bytes>.stride : 0
    }

    /// The lengths of all keys and values of a leaf.
    var payload: Int {
        (0..<largeCount).reduce(packedCount) { unsafe $0 + largeValues[$1].count }
    }

    /// The key at `index`, valid while the node exists.
    @inline(__always)
    func key(at index: Int) -> UnsafeRawBufferPointer {
        let slot = unsafe slots[index]
        return unsafe UnsafeRawBufferPointer(start: packed + Int(slot.offset), count: Int(slot.keyLength))
    }

    /// The child at `index` of a branch.
    ///
    /// Sequentially consistent, as ``ReadEpochs`` asks of whatever finds a node.
    func child(at index: Int) -> MemoryNode {
        unsafe MemoryNode(address: children[index].load(ordering: .sequentiallyConsistent))
    }

    func setChild(at index: Int, to child: MemoryNode) {
        unsafe children[index].store(child.address, ordering: .sequentiallyConsistent)
    }

    /// The value at `index` of a leaf, valid while the node exists.
    func value(at index: Int) -> UnsafeRawBufferPointer {
        let slot = unsafe slots[index]
        // A large value is never inline in its `Bytes`, so its address stays valid.
        if slot.isLarge { return unsafe largeValues[slot.largeIndex].withUnsafeBytes { unsafe $0 } }
        return unsafe UnsafeRawBufferPointer(
            start: packed + Int(slot.offset) + Int(slot.keyLength), count: slot.valueLength)
    }

    /// The value at `index` of a leaf: a copy, or, where that would take long, what the leaf itself holds.
    func ownedValue(at index: Int) -> Bytes {
        let slot = unsafe slots[index]
        if slot.isLarge { return unsafe largeValues[slot.largeIndex] }
        return unsafe Bytes(copying: value(at: index))
    }

    /// How many packed bytes the entries in `range` take; they lie side by side.
    func packedLength(of range: Range<Int>) -> Int {
        if range.isEmpty { return 0 }
        let end = unsafe range.upperBound < count ? Int(slots[range.upperBound].offset) : packedCount
        return unsafe end - Int(slots[range.lowerBound].offset)
    }

    /// Keeps the node for somebody more.
    func retain() { unsafe header.pointee.holders.add(1, ordering: .relaxed) }

    /// Lets go of the node; frees it when nobody keeps it any more. Its children are not released.
    ///
    /// - Parameter blocks: where its block goes; nil for back to the allocator.
    func release(into blocks: MemoryBlocks? = nil) {
        let (_, holders) = unsafe header.pointee.holders.subtract(1, ordering: .acquiringAndReleasing)
        if holders > 0 { return }
        unsafe largeValues.deinitialize(count: largeCount)
        let length = length
        unsafe header.deinitialize(count: 1)
        if let blocks { unsafe blocks.giveBack(address, length) } else { unsafe address.deallocate() }
    }

    /// Calls `body` with the nodes below this one, and then with this one.
    func forEachNode(_ body: (MemoryNode) -> Void) {
        if !isLeaf { for index in 0..<count { child(at: index).forEachNode(body) } }
        body(self)
    }
}

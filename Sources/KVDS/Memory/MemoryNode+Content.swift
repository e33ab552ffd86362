import Synchronization

/// The contents of a node, and its lifetime.
extension MemoryNode {
    var version: UInt64 { unsafe header.pointee.version }
    /// 0 for a leaf.
    var height: Int { unsafe Int(header.pointee.height) }
    var isLeaf: Bool { height == 0 }
    /// The number of entries or children.
    var count: Int { unsafe Int(header.pointee.count) }
    var packedCount: Int { unsafe Int(header.pointee.packedCount) }
    /// The index of the first entry that has a key.
    var firstKeyIndex: Int { isLeaf ? 0 : 1 }

    var largeCount: Int {
        isLeaf ? unsafe Int(header.pointee.referencesLength) / MemoryLayout<Bytes>.stride : 0
    }

    /// The total length of all keys and values of a leaf.
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
    /// The load is sequentially consistent, as ``ReadEpochs`` requires of every read that finds a node.
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

    /// The value at `index` of a leaf, valid without the leaf: a small value is copied, a large one shares its memory.
    func ownedValue(at index: Int) -> Bytes {
        let slot = unsafe slots[index]
        if slot.isLarge { return unsafe largeValues[slot.largeIndex] }
        return unsafe Bytes(copying: value(at: index))
    }

    /// The number of packed bytes of the entries in `range`, which are contiguous.
    func packedLength(of range: Range<Int>) -> Int {
        if range.isEmpty { return 0 }
        let end = unsafe range.upperBound < count ? Int(slots[range.upperBound].offset) : packedCount
        return unsafe end - Int(slots[range.lowerBound].offset)
    }

    /// Adds a holder, which keeps the node alive.
    func retain() { unsafe header.pointee.holders.add(1, ordering: .relaxed) }

    /// Removes a holder, and frees the node when no holder is left. Its children are not released.
    ///
    /// - Parameter blocks: receives the block of a freed node; nil returns it to the allocator.
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

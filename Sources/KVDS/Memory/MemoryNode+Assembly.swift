import Synchronization

extension MemoryNode {
    /// Makes a node of `parts`.
    init(_ parts: NodeContents, version: UInt64, in blocks: MemoryBlocks) {
        self.init(
            count: parts.count, height: parts.height, references: parts.height > 0 ? parts.count : parts.largeCount,
            packedCount: parts.packedCount, version: version, in: blocks)
        var writer = Writer(node: self)
        for piece in parts.pieces {
            switch piece {
            case .run(let source, let range): writer.append(range, of: source)
            case .entry(let key, let value): unsafe writer.append(key, value.pointee)
            case .child(let key, let child): unsafe writer.append(key, child)
            }
        }
        writePrefixes()
    }

    /// Writes a new node from left to right.
    private struct Writer {
        let node: MemoryNode
        var index = 0
        var offset = 0
        var largeCount = 0

        init(node: MemoryNode) { self.node = node }

        mutating func append(_ key: UnsafeRawBufferPointer, _ value: Bytes) {
            let isLarge = value.count > MemoryNode.largeValue
            unsafe append(key, isLarge ? Slot.largeMark + UInt16(largeCount) : UInt16(value.count))
            if isLarge {
                // A slice of a scan page would keep the whole page alive.
                adopt(value.trimmed())
            } else {
                unsafe value.withUnsafeBytes { unsafe copy($0) }
            }
        }

        mutating func append(_ key: UnsafeRawBufferPointer, _ child: MemoryNode) {
            unsafe (node.children + index).initialize(to: Atomic(child.address))
            unsafe append(key, 0)
        }

        private mutating func append(_ key: UnsafeRawBufferPointer, _ value: UInt16) {
            unsafe node.slots[index] = Slot(offset: UInt32(offset), keyLength: UInt16(key.count), value: value)
            unsafe copy(key)
            index += 1
        }

        mutating func append(_ range: Range<Int>, of source: MemoryNode) {
            if range.isEmpty { return }
            let length = source.packedLength(of: range)
            let start = unsafe source.slots[range.lowerBound].offset
            if !node.isLeaf {
                for child in range {
                    unsafe (node.children + index + child - range.lowerBound).initialize(
                        to: Atomic(source.child(at: child).address))
                }
            }
            unsafe (node.slots + index).update(from: source.slots + range.lowerBound, count: range.count)
            for _ in range {
                let slot = unsafe node.slots + index
                unsafe slot.pointee.offset = slot.pointee.offset &- start &+ UInt32(offset)
                if unsafe slot.pointee.isLarge {
                    let value = unsafe source.largeValues[slot.pointee.largeIndex]
                    unsafe slot.pointee.value = Slot.largeMark + UInt16(largeCount)
                    adopt(value)
                }
                index += 1
            }
            unsafe copy(UnsafeRawBufferPointer(start: source.packed + Int(start), count: length))
        }

        private mutating func adopt(_ value: Bytes) {
            unsafe (node.largeValues + largeCount).initialize(to: value)
            largeCount += 1
        }

        private mutating func copy(_ bytes: UnsafeRawBufferPointer) {
            if let start = bytes.baseAddress {
                unsafe (node.packed + offset).copyMemory(from: start, byteCount: bytes.count)
            }
            offset += bytes.count
        }
    }
}

import CPrefetch
import Synchronization

/// A node of a ``MemoryTree``: one block of memory with its keys in order. A leaf has values, a branch has children.
///
///     | header | references | prefix, prefix, … | slot, slot, … | key value key value … |
///
/// The references are the children of a branch, or the large values of a leaf. A prefix holds four bytes of a key as a
/// number: those after the bytes that all keys of the node share. A search compares adjacent numbers, and reads keys
/// only where the numbers are equal. A slot holds the position of its key and value. The block is exactly as large as
/// its contents, so that a million small entries need little more memory than their bytes.
///
/// Child `i` of a branch holds the keys from key `i` up to key `i + 1`. The key of the first child is never compared.
///
/// The draft that makes a node writes it. After publication only a child may be replaced, with one atomic store, and
/// only while no snapshot can reach the node. So any thread may read a node. ``VersionStore`` ensures that it still
/// exists.
///
/// `@unchecked Sendable` is right for that reason. It is `@safe` because only these files use the address.
@safe
struct MemoryNode: Equatable, @unchecked Sendable {
    private let base: UnsafeMutableRawPointer

    struct Header: ~Copyable {
        /// The version of the tree that the node was made for.
        let version: UInt64
        /// The number of holders: the node's tree, and each read that uses one of its values.
        let holders = Atomic<UInt32>(1)
        let packedCount: UInt32
        let referencesLength: UInt16
        let count: UInt16
        /// The number of leading bytes that all keys share, apart from the unused key of a branch's first child.
        var sharedLength: UInt16 = 0
        let height: UInt8
    }

    struct Slot {
        /// From the start of the packed bytes.
        var offset: UInt32
        var keyLength: UInt16
        /// The length of a small value. From ``largeMark`` on, the index of a large value among the references.
        var value: UInt16

        static var largeMark: UInt16 { 1 << 15 }
        var isLarge: Bool { value >= Slot.largeMark }
        var largeIndex: Int { Int(value - Slot.largeMark) }
        var valueLength: Int { isLarge ? 0 : Int(value) }
        /// The number of packed bytes of the entry.
        var packedLength: Int { Int(keyLength) + valueLength }
    }

    /// A value above this many bytes stays in its own `Bytes`.
    static var largeValue: Int { 1024 }

    /// Allocates a node and writes its header.
    init(count: Int, height: Int, references: Int, packedCount: Int, version: UInt64, in blocks: MemoryBlocks) {
        let referencesLength = references * (height > 0 ? MemoryLayout<MemoryNode>.stride : MemoryLayout<Bytes>.stride)
        let entriesLength = count * (MemoryLayout<UInt32>.stride + MemoryLayout<Slot>.stride)
        unsafe base = blocks.take(MemoryLayout<Header>.stride + referencesLength + entriesLength + packedCount)
        unsafe header.initialize(
            to: Header(
                version: version, packedCount: UInt32(packedCount), referencesLength: UInt16(referencesLength),
                count: UInt16(count), height: UInt8(height)))
    }

    /// Copies a branch. The copy shares the children of `other`.
    init(copying other: MemoryNode, version: UInt64, in blocks: MemoryBlocks) {
        self.init(
            count: other.count, height: other.height, references: other.count, packedCount: other.packedCount,
            version: version, in: blocks)
        let start = MemoryLayout<Header>.stride
        unsafe header.pointee.sharedLength = other.header.pointee.sharedLength
        unsafe (base + start).copyMemory(from: other.base + start, byteCount: (packed - base) - start + packedCount)
    }

    /// Restores a node from ``address``.
    init(address: UnsafeMutableRawPointer) { unsafe base = address }
    var address: UnsafeMutableRawPointer { unsafe base }
    static func == (left: MemoryNode, right: MemoryNode) -> Bool { unsafe left.base == right.base }

    var header: UnsafeMutablePointer<Header> { unsafe base.assumingMemoryBound(to: Header.self) }
    private var references: UnsafeMutableRawPointer { unsafe base + MemoryLayout<Header>.stride }
    var children: UnsafeMutablePointer<Atomic<UnsafeMutableRawPointer>> {
        unsafe references.assumingMemoryBound(to: Atomic<UnsafeMutableRawPointer>.self)
    }
    var largeValues: UnsafeMutablePointer<Bytes> { unsafe references.assumingMemoryBound(to: Bytes.self) }

    var prefixes: UnsafeMutablePointer<UInt32> {
        unsafe (references + Int(header.pointee.referencesLength)).assumingMemoryBound(to: UInt32.self)
    }

    var slots: UnsafeMutablePointer<Slot> {
        unsafe UnsafeMutableRawPointer(prefixes + count).assumingMemoryBound(to: Slot.self)
    }

    var packed: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(slots + count) }

    /// The number of bytes of a leaf that a search usually reads before it knows the position of a key.
    static var searchedLength: Int {
        MemoryLayout<Header>.stride
            + MemoryDraft.maximumCount(0) * (MemoryLayout<UInt32>.stride + MemoryLayout<Slot>.stride)
    }

    /// The approximate size in bytes of a leaf of small entries.
    static var usualLeafLength: Int { 3 << 10 }

    /// Prefetches the first `length` bytes all together; a search would load them one cache line after the other.
    func prefetch(_ length: Int) { unsafe kvds_prefetch(base, length) }

    /// The size of the block in bytes.
    var length: Int { unsafe (packed - base) + packedCount }
}

import CPrefetch
import Synchronization

/// A node of a ``MemoryTree``: one block of memory with its keys in order. A leaf has values, a branch has children.
///
///     | header | references | prefix, prefix, … | slot, slot, … | key value key value … |
///
/// The references are the children of a branch, or the large values of a leaf. A prefix is four bytes of a key as a
/// number, after the bytes that all keys of the node have in common: a search compares numbers that lie side by side, and
/// looks at keys only where numbers are equal. A slot says where its key and value lie. The block is exactly as large as
/// what is in it, so that a million small entries cost little more than their bytes.
///
/// Child `i` of a branch holds the keys from key `i` up to key `i + 1`; the key of the first
/// child is not looked at.
///
/// A node is written by the draft that makes it. Once it is published only a child of it may be exchanged, in one store, and
/// only while no snapshot sees it. So any thread may read it; that it still exists is the business of ``VersionStore``.
///
/// `@unchecked Sendable` is right for that reason; `@safe` because the address is used in these files only.
@safe
struct MemoryNode: Equatable, @unchecked Sendable {
    private let base: UnsafeMutableRawPointer

    struct Header: ~Copyable {
        /// The version of the tree that the node was made for.
        let version: UInt64
        /// Those who keep the node: its tree, and reads that look at one of its values.
        let holders = Atomic<UInt32>(1)
        let packedCount: UInt32
        let referencesLength: UInt16
        let count: UInt16
        /// How many bytes at the beginning all keys have in common, the empty one of a branch left out.
        var sharedLength: UInt16 = 0
        let height: UInt8
    }

    struct Slot {
        /// From the start of the packed bytes.
        var offset: UInt32
        var keyLength: UInt16
        /// The length of a small value; from ``largeMark`` on, the index of a large one among the references.
        var value: UInt16

        static var largeMark: UInt16 { 1 << 15 }
        var isLarge: Bool { value >= Slot.largeMark }
        var largeIndex: Int { Int(value - Slot.largeMark) }
        var valueLength: Int { isLarge ? 0 : Int(value) }
        /// How many packed bytes the entry takes.
        var packedLength: Int { Int(keyLength) + valueLength }
    }

    /// A value above this many bytes stays in its own `Bytes`.
    static var largeValue: Int { 1024 }

    /// Room for a node, with its header written.
    init(count: Int, height: Int, references: Int, packedCount: Int, version: UInt64, in blocks: MemoryBlocks) {
        let referencesLength = references * (height > 0 ? MemoryLayout<MemoryNode>.stride : MemoryLayout<Bytes>.stride)
        let entriesLength = count * (MemoryLayout<UInt32>.stride + MemoryLayout<Slot>.stride)
        unsafe base = blocks.take(MemoryLayout<Header>.stride + referencesLength + entriesLength + packedCount)
        unsafe header.initialize(
            to: Header(
                version: version, packedCount: UInt32(packedCount), referencesLength: UInt16(referencesLength),
                count: UInt16(count), height: UInt8(height)))
    }

    /// A branch that shares the children of `other`.
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

    /// How many bytes of a leaf a search mostly looks at before it knows where the key is.
    static var searchedLength: Int {
        MemoryLayout<Header>.stride
            + MemoryDraft.maximumCount(0) * (MemoryLayout<UInt32>.stride + MemoryLayout<Slot>.stride)
    }

    /// About how many bytes a leaf of small entries has.
    static var usualLeafLength: Int { 3 << 10 }

    /// Has the first `length` bytes brought in at once, which will be looked at one after the other.
    func prefetch(_ length: Int) { unsafe kvds_prefetch(base, length) }

    /// How many bytes the block has.
    var length: Int { unsafe (packed - base) + packedCount }
}

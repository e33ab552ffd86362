/// Entries in key order, packed into one immutable block: a leaf of the memory index, and the separators of a branch.
///
///     | prefix, prefix, … | slot, slot, … | key value key value … |
///
/// A prefix is the first eight bytes of a key as a big-endian number, so that a search compares numbers and looks at keys
/// only where prefixes are equal. A slot says where its key and value lie. A value above ``largeValue`` bytes stays in its
/// own `Bytes`; the block holds its index.
///
/// A block is written while it is built and never again, so that readers and snapshots share it freely.
final class SortedRun: ManagedBuffer<SortedRun.Header, UInt64> {
    struct Header {
        var count: Int
        var byteCount: Int
        var large: [Bytes]
    }

    struct Slot {
        /// From the start of the packed bytes.
        var offset: UInt32
        var valueLength: UInt32
        var keyLength: UInt16
        var isLarge: Bool
    }

    static var largeValue: Int { 1024 }
    /// What a large value takes among the packed bytes: its index.
    static var largeReference: Int { MemoryLayout<UInt32>.size }
    // `nonisolated(unsafe)` is right because a run is never written after it was built.
    nonisolated(unsafe) static let empty = assemble([])

    var count: Int { header.count }
    /// How many packed bytes there are.
    var byteCount: Int { header.byteCount }

    var prefixes: UnsafeMutablePointer<UInt64> { unsafe withUnsafeMutablePointerToElements { unsafe $0 } }

    var slots: UnsafeMutablePointer<Slot> {
        unsafe UnsafeMutableRawPointer(prefixes + count).assumingMemoryBound(to: Slot.self)
    }

    var packed: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(slots + count) }

    /// The key at `index`, valid while the run is held.
    func key(at index: Int) -> UnsafeRawBufferPointer {
        let slot = unsafe slots[index]
        return unsafe UnsafeRawBufferPointer(start: packed + Int(slot.offset), count: Int(slot.keyLength))
    }

    /// The value at `index`, valid while the run is held.
    func value(at index: Int) -> UnsafeRawBufferPointer {
        let slot = unsafe slots[index]
        let at = unsafe packed + Int(slot.offset) + Int(slot.keyLength)
        // A large value is never inline, so the `Bytes` in the header keep the address valid.
        if let large = largeValue(at: index) { return unsafe large.withUnsafeBytes { unsafe $0 } }
        return unsafe UnsafeRawBufferPointer(start: at, count: Int(slot.valueLength))
    }

    /// The value at `index` if it is large.
    func largeValue(at index: Int) -> Bytes? {
        let slot = unsafe slots[index]
        guard slot.isLarge else { return nil }
        let reference = unsafe packed + Int(slot.offset) + Int(slot.keyLength)
        return unsafe header.large[Int(reference.loadUnaligned(as: UInt32.self))]
    }

    /// How many packed bytes the entry at `index` takes.
    func packedLength(at index: Int) -> Int { unsafe slots[index].packedLength }

    /// The index of the first key that is not less than `key`, and whether it is `key`.
    func search(_ key: UnsafeRawBufferPointer) -> (index: Int, isFound: Bool) {
        let wanted = unsafe SortedRun.prefix(of: key)
        let prefixes = unsafe prefixes
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            let prefix = unsafe prefixes[middle]
            let isLess = unsafe prefix == wanted ? compareBytes(self.key(at: middle), key) < 0 : prefix < wanted
            if isLess { low = middle + 1 } else { high = middle }
        }
        let isFound = unsafe low < count && prefixes[low] == wanted && compareBytes(self.key(at: low), key) == 0
        return (low, isFound)
    }

    static func prefix(of key: UnsafeRawBufferPointer) -> UInt64 {
        if key.count >= 8 { return unsafe UInt64(bigEndian: key.loadUnaligned(as: UInt64.self)) }
        var prefix: UInt64 = 0
        for index in 0..<key.count { prefix = unsafe prefix << 8 | UInt64(key[index]) }
        return unsafe key.isEmpty ? 0 : prefix << UInt64(8 * (8 - key.count))
    }
}

extension SortedRun.Slot {
    /// How many packed bytes the entry takes.
    var packedLength: Int {
        Int(keyLength) + (isLarge ? SortedRun.largeReference : Int(valueLength))
    }
}

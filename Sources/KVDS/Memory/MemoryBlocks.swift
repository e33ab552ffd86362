/// Allocates the memory of nodes, and keeps freed blocks for the next commit. The next commit needs blocks of similar
/// sizes, and finds these in the processor's cache.
///
/// Used by one writer at a time. Every block comes from the system allocator, so that code that frees a node elsewhere
/// can return its block directly to the allocator.
///
/// It is `@safe` because an address is handed to one node, which alone uses it until the node is freed.
@safe
final class MemoryBlocks {
    /// Block sizes are multiples of this many bytes.
    private static var step: Int { 64 }
    /// Blocks of fewer steps than this are kept: those of up to 4 KiB.
    private static var sizeCount: Int { 65 }
    /// How many blocks of one size are kept at most.
    private static var maximumCount: Int { 32 }

    /// Spare blocks of one size. Each begins with the address of the next.
    @unsafe
    private struct Spare {
        var first: UnsafeMutableRawPointer?
        var count = 0
    }

    private let spares: UnsafeMutablePointer<Spare>

    init() {
        unsafe spares = .allocate(capacity: Self.sizeCount)
        unsafe spares.initialize(repeating: Spare(), count: Self.sizeCount)
    }

    deinit {
        for size in 0..<Self.sizeCount { while let block = unsafe takeSpare(size) { unsafe block.deallocate() } }
        unsafe spares.deallocate()
    }

    /// A block of at least `length` bytes.
    func take(_ length: Int) -> UnsafeMutableRawPointer {
        let size = (length + Self.step - 1) / Self.step
        return unsafe takeSpare(size) ?? .allocate(byteCount: size * Self.step, alignment: 8)
    }

    /// Takes back a block that ``take(_:)`` returned for the same `length`.
    func giveBack(_ block: UnsafeMutableRawPointer, _ length: Int) {
        let size = (length + Self.step - 1) / Self.step
        guard unsafe size < Self.sizeCount && spares[size].count < Self.maximumCount else {
            return unsafe block.deallocate()
        }
        unsafe block.storeBytes(of: spares[size].first, as: UnsafeMutableRawPointer?.self)
        unsafe spares[size].first = block
        unsafe spares[size].count += 1
    }

    private func takeSpare(_ size: Int) -> UnsafeMutableRawPointer? {
        guard size < Self.sizeCount, let block = unsafe spares[size].first else { return nil }
        unsafe spares[size].first = block.load(as: UnsafeMutableRawPointer?.self)
        unsafe spares[size].count -= 1
        return unsafe block
    }
}

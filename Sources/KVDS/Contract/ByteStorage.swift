/// The heap block of long `Bytes` and of scan pages: one allocation.
///
/// The creator fills a block before other code can access it. After that the block is never written, so the types that
/// share it can be `Sendable`.
@usableFromInline
final class ByteStorage: ManagedBuffer<Void, UInt8> {
    /// A block of at least `capacity` bytes, not yet filled.
    @usableFromInline
    static func allocate(_ capacity: Int) -> ByteStorage {
        // `create` returns an instance of the class it is called on.
        unsafe unsafeDowncast(create(minimumCapacity: capacity) { _ in () }, to: ByteStorage.self)
    }

    /// The address of the first byte; valid while the block is retained.
    @usableFromInline
    var base: UnsafeMutableRawPointer {
        unsafe withUnsafeMutablePointerToElements { UnsafeMutableRawPointer($0) }
    }
}

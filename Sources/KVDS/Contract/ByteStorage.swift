/// The heap block behind long `Bytes` and behind scan pages: one allocation.
///
/// A block is filled by its creator before anybody else can see it and is never written afterwards, which is why the
/// types that share one are `Sendable`.
@usableFromInline
final class ByteStorage: ManagedBuffer<Void, UInt8> {
    /// A block of at least `capacity` bytes, not yet filled.
    @usableFromInline
    static func allocate(_ capacity: Int) -> ByteStorage {
        // `create` returns an instance of the class it is called on.
        unsafe unsafeDowncast(create(minimumCapacity: capacity) { _ in () }, to: ByteStorage.self)
    }

    /// Where the bytes begin; valid while the block is held.
    @usableFromInline
    var base: UnsafeMutableRawPointer {
        unsafe withUnsafeMutablePointerToElements { UnsafeMutableRawPointer($0) }
    }
}

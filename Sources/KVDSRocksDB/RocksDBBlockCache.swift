import CRocksDB

/// A least-recently-used cache of blocks, which any number of stores can share.
///
/// `@unchecked Sendable` is right because RocksDB's cache may be used from any thread; `@safe` because the pointer does
/// not leave the module and is freed here.
@safe
public final class RocksDBBlockCache: @unchecked Sendable {
    /// The cache of stores without a cache of their own: 256 MiB.
    public static let shared = RocksDBBlockCache(capacity: 256 << 20)

    let pointer: OpaquePointer

    /// - Parameter capacity: the maximum number of bytes it holds; a negative number counts as 0.
    public init(capacity: Int) {
        unsafe pointer = rocksdb_cache_create_lru(max(capacity, 0))
    }

    deinit { unsafe rocksdb_cache_destroy(pointer) }
}

extension RocksDBBlockCache: Hashable {
    public static func == (left: RocksDBBlockCache, right: RocksDBBlockCache) -> Bool { left === right }
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

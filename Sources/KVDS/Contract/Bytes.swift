/// An immutable sequence of bytes: the type of keys and values.
///
/// Up to 15 bytes are stored inline. A longer sequence is stored in one heap block, which its copies and slices share.
/// Bytes are compared as unsigned numbers from left to right, which is the order of keys in every store.
///
/// ```swift
/// let key: Bytes = "user:42"
/// let photo = Bytes(try Data(contentsOf: url))
/// print(photo.count, photo.span[0])
/// ```
///
/// The key and the value of a scanned entry are slices of the scan's page, and keep the page in memory. Call
/// ``compacted()`` on slices that you keep for a long time.
///
/// `@unchecked Sendable` is right because the block is never written once a value refers to it.
public struct Bytes: @unchecked Sendable {
    /// The block that contains the bytes, or nil if they are inline.
    @usableFromInline let storage: ByteStorage?
    /// Inline: 15 bytes, then their count in the last byte. Shared: the address in the block, then the count.
    @usableFromInline let words: InlineArray<2, UInt64>

    @usableFromInline static var inlineCapacity: Int { 15 }

    @inlinable
    init(storage: ByteStorage?, words: InlineArray<2, UInt64>) {
        self.storage = storage
        self.words = words
    }

    /// An empty sequence.
    @inlinable
    public init() { self.init(storage: nil, words: [0, 0]) }

    /// A sequence of `count` bytes that `fill` writes.
    @inlinable
    package init(count: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) {
        if count <= Bytes.inlineCapacity {
            var words: InlineArray<2, UInt64> = [0, UInt64(count) << 56]
            unsafe withUnsafeMutableBytes(of: &words) { raw in
                unsafe fill(UnsafeMutableRawBufferPointer(rebasing: raw[..<count]))
            }
            self.init(storage: nil, words: words)
        } else {
            let storage = ByteStorage.allocate(count)
            let base = unsafe storage.base
            unsafe fill(UnsafeMutableRawBufferPointer(start: base, count: count))
            self.init(storage: storage, words: [UInt64(UInt(bitPattern: base)), UInt64(count)])
        }
    }

    /// The `count` bytes at `base`, an address in `storage`. Up to 15 bytes are copied inline.
    @inlinable
    init(sharing storage: ByteStorage, at base: UnsafeRawPointer, count: Int) {
        if count <= Bytes.inlineCapacity {
            unsafe self.init(copying: UnsafeRawBufferPointer(start: base, count: count))
        } else {
            self.init(storage: storage, words: [UInt64(UInt(bitPattern: base)), UInt64(count)])
        }
    }

    /// A copy of the bytes of `buffer`.
    @inlinable
    @unsafe
    public init(copying buffer: UnsafeRawBufferPointer) {
        unsafe self.init(count: buffer.count) { unsafe $0.copyMemory(from: buffer) }
    }

    /// A copy of the bytes of `span`.
    @inlinable
    public init(copying span: RawSpan) {
        self = unsafe span.withUnsafeBytes { unsafe Bytes(copying: $0) }
    }

    /// The bytes of any sequence: an array, `Data`, `ArraySlice`, `String.UTF8View`.
    @inlinable
    public init(_ bytes: some Sequence<UInt8>) {
        if let copy = bytes.withContiguousStorageIfAvailable({ unsafe Bytes(copying: UnsafeRawBufferPointer($0)) }) {
            self = copy
        } else {
            let array = Array(bytes)
            self = unsafe array.withUnsafeBytes { unsafe Bytes(copying: $0) }
        }
    }

    /// The UTF-8 bytes of a string.
    @inlinable
    public init(_ string: some StringProtocol) { self.init(string.utf8) }

    /// The number of bytes.
    @inlinable
    public var count: Int {
        Int(storage == nil ? words[1] >> 56 : words[1])
    }

    /// The bytes as a borrowed span, without a copy. The span is valid while `self` is alive.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            if storage == nil { return unsafe words.span.bytes.extracting(first: count) }
            // `storage` keeps the address valid while `self` is alive.
            let span = unsafe RawSpan(
                _unsafeStart: UnsafeRawPointer(bitPattern: UInt(words[0])).unsafelyUnwrapped, byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The bytes as a borrowed span of `UInt8`, without a copy. The span is valid while `self` is alive.
    @inlinable
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let span = Span<UInt8>(_bytes: bytes)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Calls `body` with the bytes. The buffer is valid only during the call.
    @inlinable
    @unsafe
    public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        if let storage {
            defer { withExtendedLifetime(storage) {} }
            return try unsafe body(
                UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: UInt(words[0])), count: Int(words[1])))
        }
        return try unsafe Swift.withUnsafeBytes(of: words) { raw throws(E) in
            try unsafe body(UnsafeRawBufferPointer(rebasing: raw[..<Int(words[1] >> 56)]))
        }
    }

    /// The bytes at the positions `bounds`. The slice shares the storage of this value.
    ///
    /// - Precondition: `bounds` lies within `0..<count`.
    /// - Complexity: O(1).
    @inlinable
    public func slice(_ bounds: Range<Int>) -> Bytes {
        precondition(bounds.lowerBound >= 0 && bounds.upperBound <= count, "slice out of bounds")
        return unsafe withUnsafeBytes { all in
            guard let storage else { return unsafe Bytes(copying: UnsafeRawBufferPointer(rebasing: all[bounds])) }
            return unsafe Bytes(
                sharing: storage, at: all.baseAddress.unsafelyUnwrapped + bounds.lowerBound, count: bounds.count)
        }
    }

    /// The same bytes in their own storage, so that the block they were sliced from can be freed.
    ///
    /// - Complexity: O(n) in the number of bytes.
    public func compacted() -> Bytes {
        storage == nil ? self : Bytes(copying: bytes)
    }

    /// Whether the bytes do not keep a block in memory that is more than twice their size.
    var isTrimmed: Bool { storage.map { $0.capacity <= 2 * count } ?? true }

    /// The same bytes, compacted if they would keep a block in memory that is more than twice their size.
    package func trimmed() -> Bytes { isTrimmed ? self : compacted() }
}

/// A block of consecutive entries that a scan reads at once.
///
/// The entries are slices of the block, so a page of a thousand entries is one allocation.
///
/// `@unchecked Sendable` is right because only the builder writes the block, and the builder is consumed when the page
/// is created.
public struct EntryPage: @unchecked Sendable, Sequence {
    // The layout of an entry: the length of the key, the length of the value (4 bytes each), the key, the value.
    @usableFromInline let storage: ByteStorage
    /// The part of the block that belongs to the page.
    @usableFromInline let bounds: Range<Int>
    /// The number of entries in the page.
    public let count: Int

    @usableFromInline
    init(storage: ByteStorage, bounds: Range<Int>, count: Int) {
        self.storage = storage
        self.bounds = bounds
        self.count = count
    }

    @inlinable public var underestimatedCount: Int { count }
    @inlinable public func makeIterator() -> Iterator { Iterator(page: self) }

    /// Iterates over the entries of a page.
    public struct Iterator: IteratorProtocol {
        @usableFromInline let page: EntryPage
        @usableFromInline var offset: Int

        @inlinable
        init(page: EntryPage) {
            self.page = page
            offset = page.bounds.lowerBound
        }

        @inlinable
        public mutating func next() -> Entry? {
            if offset == page.bounds.upperBound { return nil }
            // The builder has written complete entries, one after the other, between the bounds.
            let at = unsafe UnsafeRawPointer(page.storage.base + offset)
            let keyLength = unsafe Int(at.loadUnaligned(as: UInt32.self))
            let valueLength = unsafe Int(at.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
            offset += EntryPage.headerLength + keyLength + valueLength
            return unsafe Entry(
                key: page.bytes(at: at + EntryPage.headerLength, count: keyLength),
                value: page.bytes(at: at + EntryPage.headerLength + keyLength, count: valueLength))
        }
    }

    @usableFromInline static var headerLength: Int { 8 }

    /// The `count` bytes at `base`, an address in the page.
    @inlinable
    func bytes(at base: UnsafeRawPointer, count: Int) -> Bytes {
        if count > Bytes.inlineCapacity { return unsafe Bytes(sharing: storage, at: base, count: count) }
        // The block has 16 spare bytes after the last entry, so two words can be read from any address in the page.
        var low = unsafe base.loadUnaligned(as: UInt64.self)
        var high = unsafe base.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        if count < 8 {
            low &= (1 << UInt64(count * 8)) - 1
            high = 0
        } else {
            high &= (1 << UInt64((count - 8) * 8)) - 1
        }
        return Bytes(storage: nil, words: [low, high | UInt64(count) << 56])
    }
}

extension EntryPage {
    /// Builds a page, entry by entry.
    public struct Builder: ~Copyable {
        @usableFromInline var storage: ByteStorage?
        @usableFromInline var capacity: Int
        @usableFromInline let maximumCount: Int
        @usableFromInline var byteCount = 0
        private var lastOffset = 0
        /// The number of entries that the page has so far.
        public private(set) var count = 0

        /// - Parameters:
        ///   - capacity: the size of the page in bytes. A single larger entry still fits.
        ///   - maximumCount: the maximum number of entries.
        public init(capacity: Int, maximumCount: Int = .max) {
            self.capacity = capacity
            self.maximumCount = maximumCount
        }

        /// Adds an entry if it fits. The first entry always fits, unless `maximumCount` is 0.
        ///
        /// - Returns: false if the entry does not fit and belongs to the next page.
        @inlinable
        public mutating func append(key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> Bool {
            let length = EntryPage.headerLength + key.count + value.count
            if byteCount + length > capacity || count == maximumCount {
                if count > 0 || maximumCount == 0 { return false }
                capacity = length
            }
            unsafe write(key, value, length)
            return true
        }

        /// Adds a copy of `entry` if it fits.
        ///
        /// - Returns: as ``append(key:value:)``.
        public mutating func append(_ entry: Entry) -> Bool {
            unsafe entry.key.withUnsafeBytes { key in
                unsafe entry.value.withUnsafeBytes { value in unsafe append(key: key, value: value) }
            }
        }

        @usableFromInline
        mutating func write(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ length: Int) {
            let storage = storage ?? ByteStorage.allocate(capacity + 16)
            self.storage = storage
            let at = unsafe storage.base + byteCount
            unsafe at.storeBytes(of: UInt32(key.count), as: UInt32.self)
            unsafe at.storeBytes(of: UInt32(value.count), toByteOffset: 4, as: UInt32.self)
            if let bytes = key.baseAddress { unsafe (at + 8).copyMemory(from: bytes, byteCount: key.count) }
            if let bytes = value.baseAddress {
                unsafe (at + 8 + key.count).copyMemory(from: bytes, byteCount: value.count)
            }
            lastOffset = byteCount
            byteCount += length
            count += 1
        }

        /// The key of the last entry added; nil if there is none.
        package var lastKey: Bytes? {
            guard let storage, count > 0 else { return nil }
            let at = unsafe storage.base + lastOffset
            return unsafe Bytes(
                copying: UnsafeRawBufferPointer(start: at + 8, count: Int(at.loadUnaligned(as: UInt32.self))))
        }

        /// The finished page; nil if no entry was added.
        public consuming func finish() -> EntryPage? {
            storage.map { EntryPage(storage: $0, bounds: 0..<byteCount, count: count) }
        }
    }
}

/// A half-open range of keys: ``lowerBound`` belongs to it, ``upperBound`` does not.
public struct KeyRange: Hashable, Sendable {
    /// The first key of the range; empty for the beginning of the store.
    public var lowerBound: Bytes
    /// The first key after the range; nil for the end of the store.
    public var upperBound: Bytes?

    /// The keys from `lowerBound` up to, but not including, `upperBound`.
    @inlinable
    public init(from lowerBound: Bytes = Bytes(), to upperBound: Bytes? = nil) {
        self.lowerBound = lowerBound
        self.upperBound = upperBound
    }

    /// The keys of a Swift range: `KeyRange("a"..<"b")`.
    @inlinable
    public init(_ range: Range<Bytes>) { self.init(from: range.lowerBound, to: range.upperBound) }

    /// All keys.
    public static let all = KeyRange()

    /// The keys that begin with `prefix`.
    public static func prefix(_ prefix: Bytes) -> KeyRange {
        // The upper bound is the prefix with its last byte incremented. Trailing 0xFF bytes are dropped first.
        guard let last = prefix.lastIndex(where: { $0 != 0xFF }) else { return KeyRange(from: prefix) }
        var upperBound = Array(prefix[...last])
        upperBound[last] += 1
        return KeyRange(from: prefix, to: Bytes(upperBound))
    }

    /// The range that contains only `key`.
    public static func key(_ key: Bytes) -> KeyRange {
        KeyRange(from: key, to: key.successor)
    }

    /// Whether no key can be in the range.
    public var isEmpty: Bool { upperBound.map { $0 <= lowerBound } ?? false }

    /// Whether `key` lies in the range.
    public func contains(_ key: Bytes) -> Bool {
        key >= lowerBound && (upperBound.map { key < $0 } ?? true)
    }
}

extension KeyRange {
    /// The rest of the range after a scan has returned `key`.
    package func remainder(after key: Bytes, _ order: ScanOrder) -> KeyRange {
        switch order {
        case .forward: KeyRange(from: key.successor, to: upperBound)
        case .reverse: KeyRange(from: lowerBound, to: key)
        }
    }
}

extension Bytes {
    /// The smallest byte sequence that is greater than this one: this one and a zero byte.
    package var successor: Bytes {
        unsafe Bytes(count: count + 1) { raw in
            unsafe withUnsafeBytes { unsafe raw.copyMemory(from: $0) }
            unsafe raw[raw.count - 1] = 0
        }
    }
}

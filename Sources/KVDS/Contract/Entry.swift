/// A key and its value.
public struct Entry: Hashable, Sendable {
    public var key: Bytes
    public var value: Bytes

    @inlinable
    public init(key: Bytes, value: Bytes) {
        self.key = key
        self.value = value
    }
}

/// Which way a scan goes.
public enum ScanOrder: Sendable {
    /// From the smallest key to the greatest.
    case forward
    /// From the greatest key to the smallest.
    case reverse
}

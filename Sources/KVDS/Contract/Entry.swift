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

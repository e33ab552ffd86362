/// The change of one key by a commit.
public struct Change: Hashable, Sendable {
    public var key: Bytes
    /// The value after the commit; nil if the key was deleted. The deletion of a single key is reported even if the key
    /// had no value.
    public var value: Bytes?
    /// The value before the commit, if the subscriber requested ``ChangeOptions/previousValues``; nil if the key had
    /// none.
    public var previous: Bytes?

    public init(key: Bytes, value: Bytes?, previous: Bytes? = nil) {
        self.key = key
        self.value = value
        self.previous = previous
    }
}

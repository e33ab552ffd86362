/// What a commit did to one key.
public struct Change: Hashable, Sendable {
    public var key: Bytes
    /// Its value after the commit; nil when it was deleted. A key that was deleted by itself may have had no value.
    public var value: Bytes?
    /// Its value before the commit, where ``ChangeOptions/previousValues`` was asked for; nil when it had none.
    public var previous: Bytes?

    public init(key: Bytes, value: Bytes?, previous: Bytes? = nil) {
        self.key = key
        self.value = value
        self.previous = previous
    }
}

/// The write transaction of an engine. It is committed or aborted, and then released.
///
/// After a commit that has thrown, the transaction is released, with or without a call of ``abort()``.
public protocol EngineTransaction: AnyObject {
    associatedtype Cursor: EngineCursor

    /// The revision of the last commit.
    var revision: Revision { get }

    /// The value of `key`, including the transaction's own writes.
    func get(_ key: Bytes) throws(EngineError) -> Bytes?
    /// A cursor over the entries in `range`, including the transaction's own writes. It is released before the next
    /// write.
    func makeCursor(in range: KeyRange) throws(EngineError) -> Cursor
    /// Sets `key` to `value`.
    func set(_ key: Bytes, to value: Bytes) throws(EngineError)
    /// Deletes `key`. It is not an error if the key has no value.
    func delete(_ key: Bytes) throws(EngineError)
    /// Deletes all keys in `range`.
    func delete(in range: KeyRange) throws(EngineError)

    /// Makes all changes and the revision visible, atomically.
    ///
    /// - Parameters:
    ///   - revision: the revision of this commit.
    ///   - durability: how safe the commit must be.
    /// - Returns: how safe the commit is: at least `durability`, if the engine supports it.
    /// - Throws: `.outcomeUnknown` if the commit may or may not have been made. Any other error means that it was not
    ///   made.
    func commit(_ revision: Revision, _ durability: Durability) throws(EngineError) -> Durability

    /// Discards all changes.
    func abort()
}

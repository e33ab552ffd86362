/// The one write transaction of an engine. It is committed or aborted, and then released.
public protocol EngineTransaction: AnyObject {
    associatedtype Cursor: EngineCursor

    /// The revision of the last commit.
    var revision: Revision { get }

    /// The value of `key`, own writes included.
    func get(_ key: Bytes) throws(StoreError) -> Bytes?
    /// A cursor over the entries in `range`, own writes included. It is released before the next write.
    func makeCursor(in range: KeyRange) throws(StoreError) -> Cursor
    func set(_ key: Bytes, to value: Bytes) throws(StoreError)
    func delete(_ key: Bytes) throws(StoreError)
    func delete(in range: KeyRange) throws(StoreError)

    /// Makes all changes visible at once, together with `revision`.
    ///
    /// - Returns: how safe the commit is, at least `durability` where the engine can have it.
    /// - Throws: `.outcomeUnknown` when the commit may or may not have been made; any other error means it was not.
    func commit(_ revision: Revision, _ durability: Durability) throws(StoreError) -> Durability

    /// Drops all changes.
    func abort()
}

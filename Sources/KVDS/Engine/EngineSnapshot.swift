/// A view of one moment. It is read by several threads at once, and frees what it holds when it is released, from any of
/// them.
public protocol EngineSnapshot: AnyObject, Sendable {
    associatedtype Cursor: EngineCursor

    /// The revision of the last commit that the view shows.
    ///
    /// - Parameter mayBlock: as for ``StorageEngine/get(_:mayBlock:)``.
    func revision(mayBlock: Bool) throws(StoreError) -> Revision

    /// The value of `key` at that moment; otherwise as ``StorageEngine/get(_:mayBlock:)``.
    func get(_ key: Bytes, mayBlock: Bool) throws(StoreError) -> Bytes?

    /// Calls `body` with the value of `key` at that moment; otherwise as ``StorageEngine/read(_:mayBlock:_:)``.
    func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool

    /// A cursor over the entries in `range`. It is released before the snapshot.
    func makeCursor(in range: KeyRange, order: ScanOrder) throws(StoreError) -> Cursor
}

/// A consistent, unchanging state of an engine at one point in time.
///
/// Several threads read it concurrently. Any of them may release it, which frees its resources.
public protocol EngineSnapshot: AnyObject, Sendable {
    associatedtype Cursor: EngineCursor

    /// The revision of the last commit that the snapshot shows.
    ///
    /// - Parameter mayBlock: as for ``StorageEngine/get(_:mayBlock:)``.
    func revision(mayBlock: Bool) throws(EngineError) -> Revision

    /// The value of `key` in the snapshot. Otherwise as ``StorageEngine/get(_:mayBlock:)``.
    func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes?

    /// Calls `body` with the value of `key` in the snapshot. Otherwise as ``StorageEngine/read(_:mayBlock:_:)``.
    func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool

    /// A cursor over the entries in `range`. It is released before the snapshot is.
    func makeCursor(in range: KeyRange, order: ScanOrder) throws(EngineError) -> Cursor
}

/// One moment of a store, for as long as it is held.
///
/// However many writes land meanwhile, every read and scan of it shows the store as it was when it was taken. It may be
/// handed from task to task and used by several at once.
///
/// It ends with ``close()``, or when nobody holds it any more; an iterator of one of its scans holds it. The store ends it
/// when it is closed, after which reads throw `.closed`, and when it has become older than
/// ``StoreConfiguration/snapshotAgeLimit``, after which they throw `.snapshotExpired`.
public protocol StoreSnapshot: StoreReader, AnyObject {
    /// The last commit that the snapshot shows.
    var revision: Revision { get }

    /// Ends the snapshot at once and frees what it holds; closing twice is harmless.
    ///
    /// Later reads, and those scans of it that are open, throw `.snapshotEnded`. A read under way runs to its end.
    func close()
}

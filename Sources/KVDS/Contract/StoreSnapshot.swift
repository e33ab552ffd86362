/// A consistent, unchanging state of a store at one point in time.
///
/// All reads and scans of the snapshot show the store as it was when the snapshot was taken. Several tasks may use it
/// at the same time.
///
/// A snapshot ends with ``close()``, or when its last reference is released. The iterators of its scans retain it. When
/// the store is closed, its snapshots end, and their reads throw `.closed`. When a snapshot becomes older than
/// ``StoreConfiguration/snapshotAgeLimit``, the store ends it, and its reads throw `.snapshotExpired`.
public protocol StoreSnapshot: StoreReader, AnyObject {
    /// The revision of the last commit that the snapshot shows.
    var revision: Revision { get }

    /// Ends the snapshot immediately and releases its resources. May be called more than once.
    ///
    /// Later reads and open scans of the snapshot throw `.snapshotEnded`. A read in progress finishes.
    func close()
}

import Synchronization

/// An engine snapshot that is shared by the reads and scans of an ``EmbeddedSnapshot``.
///
/// Each use of it is counted, without a lock. After ``revoke(_:)`` no further use can begin, and the end of the last
/// use releases the engine snapshot.
///
/// `@unchecked Sendable` is right because `view` is read only between ``enter()`` and ``leave()``, and changed only at
/// the end of the last use; `id` is set by the initializer, which counts as a use until then.
final class SharedSnapshot: Revocable, @unchecked Sendable {
    let store: any SnapshotHost
    private var view: (any EngineSnapshot)?
    private var id = 0
    /// Twice the number of uses, plus 1 after the snapshot was revoked. Until then the snapshot itself counts as a use,
    /// and the initializer as another one while it runs.
    private let users = Atomic<Int>(4)
    private let ending = Atomic<UInt8>(0)
    /// Its open scans. Created with the first one.
    private let scans = AtomicLazyReference<SnapshotRegistry>()

    /// Called inside the gate of the store.
    ///
    /// - Parameter view: a snapshot of the engine of `store`.
    init(_ view: any EngineSnapshot, of store: any SnapshotHost) {
        self.store = store
        self.view = view
        id = store.views.add(self)
        // The registry may have revoked it already. The initializer counted as a use until here.
        leave()
    }

    /// Whether it has not been revoked.
    var isOpen: Bool { users.load(ordering: .relaxed) & 1 == 0 }

    /// Begins a use of the engine snapshot.
    ///
    /// - Returns: the engine snapshot, valid until ``leave()``.
    /// - Throws: the error of the ``RevocationReason`` when the snapshot was revoked.
    func enter() throws(StoreError) -> any EngineSnapshot {
        var count = users.load(ordering: .relaxed)
        while count & 1 == 0 {
            let (entered, now) = users.weakCompareExchange(
                expected: count, desired: count + 2, ordering: .acquiringAndReleasing)
            if entered, let view { return view }
            count = now
        }
        throw endedError
    }

    /// Ends a use.
    func leave() {
        guard users.subtract(2, ordering: .acquiringAndReleasing).newValue == 1 else { return }
        view = nil
        // In this order, because closing the store waits until no snapshot is registered.
        store.views.remove(id)
    }

    /// Registers an open scan. The scan itself calls ``enter()`` and ``leave()``.
    func add(_ scan: any Revocable) -> Int {
        (scans.load() ?? scans.storeIfNil(SnapshotRegistry())).addWeakly(scan)
    }

    func remove(_ scan: Int) { scans.load()?.remove(scan) }

    /// Lets no further use begin, and revokes the scans.
    func revoke(_ reason: RevocationReason) {
        _ = ending.compareExchange(expected: 0, desired: reason.rawValue, ordering: .relaxed)
        guard users.bitwiseOr(1, ordering: .acquiringAndReleasing).oldValue & 1 == 0 else { return }
        // A scan that is not revoked here has not entered, and can no longer enter.
        scans.load()?.revokeEach(reason)
        leave()
    }

    private var endedError: StoreError {
        store.error(after: RevocationReason(rawValue: ending.load(ordering: .relaxed)) ?? .closed)
    }
}

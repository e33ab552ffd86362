import Synchronization

/// One view of a store's engine, shared by the reads and scans of a snapshot.
///
/// A read counts itself in and out, without a lock. Whoever ends the view lets nobody in any more; the engine's view is
/// freed by the last who leaves.
///
/// `@unchecked Sendable` is right because `view` is only read by those who have been counted in, and only changed by the
/// one who was last to leave; `id` is set by the maker, who is counted in until then.
final class SharedSnapshot: Revocable, @unchecked Sendable {
    let store: any SnapshotHost
    private var view: (any EngineSnapshot)?
    private var id = 0
    /// Twice the number of those inside, of whom the snapshot itself is one until it is ended; and 1 from then on. At first
    /// its maker is inside too.
    private let users = Atomic<Int>(4)
    private let ending = Atomic<UInt8>(0)
    /// Its scans that are open, once there was one.
    private let scans = AtomicLazyReference<SnapshotRegistry>()

    /// - Parameter view: a view of the engine of `store`, inside whose gate this is called.
    init(_ view: any EngineSnapshot, of store: any SnapshotHost) {
        self.store = store
        self.view = view
        id = store.views.add(self)
        // It may have been ended already; until here its maker was inside.
        leave()
    }

    /// Whether it has not been ended.
    var isOpen: Bool { users.load(ordering: .relaxed) & 1 == 0 }

    /// Counts a use of the engine's view in.
    ///
    /// - Returns: the view, valid until ``leave()``.
    /// - Throws: why the snapshot has ended.
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

    /// Counts a use out.
    func leave() {
        guard users.subtract(2, ordering: .acquiringAndReleasing).newValue == 1 else { return }
        view = nil
        // In this order, because closing the store waits for the count.
        store.views.remove(id)
    }

    /// Counts an open scan in. It enters and leaves by itself.
    func add(_ scan: any Revocable) -> Int {
        (scans.load() ?? scans.storeIfNil(SnapshotRegistry())).addWeakly(scan)
    }

    func remove(_ scan: Int) { scans.load()?.remove(scan) }

    /// Lets nobody in any more, and takes the view from the scans.
    func revoke(_ reason: RevocationReason) {
        _ = ending.compareExchange(expected: 0, desired: reason.rawValue, ordering: .relaxed)
        guard users.bitwiseOr(1, ordering: .acquiringAndReleasing).oldValue & 1 == 0 else { return }
        // A scan that is not told here has not entered, and will not.
        scans.load()?.revokeEach(reason)
        leave()
    }

    private var endedError: StoreError {
        store.error(after: RevocationReason(rawValue: ending.load(ordering: .relaxed)) ?? .closed)
    }
}

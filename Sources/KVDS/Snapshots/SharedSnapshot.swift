import Synchronization

/// An engine snapshot that is shared by the reads and scans of an ``EmbeddedSnapshot``.
///
/// Each use of it is counted, without a lock. After ``revoke(_:)`` no further use can begin, and the end of the last
/// use releases the engine snapshot.
///
/// `@unchecked Sendable` is right because `base` is read only during a use, and changed only at the end of the last
/// use; `id` is set by the initializer, which counts as a use until then.
final class SharedSnapshot: Revocable, @unchecked Sendable {
    let store: any SnapshotHost
    private var base: (any EngineSnapshot)?
    private var id = 0
    /// Twice the number of uses, plus 1 after the snapshot was revoked. Until then the snapshot itself counts as a use,
    /// and the initializer as another one while it runs.
    private let users = Atomic<Int>(4)
    private let ending = Atomic<UInt8>(0)
    /// Its open scans. Created with the first one.
    private let scans = AtomicLazyReference<SnapshotRegistry>()

    /// Called inside the gate of the store.
    ///
    /// - Parameter base: a snapshot of the engine of `store`.
    init(_ base: any EngineSnapshot, of store: any SnapshotHost) {
        self.store = store
        self.base = base
        id = store.openSnapshots.add(self)
        // The registry may have revoked it already. The initializer counted as a use until here.
        leave()
    }

    /// Whether it has not been revoked.
    var isOpen: Bool { users.load(ordering: .relaxed) & 1 == 0 }

    /// Calls `body` with the engine snapshot.
    ///
    /// - Throws: the error of the ``RevocationReason`` when the snapshot was revoked; the errors of `body`.
    @inline(__always)
    func withUse<R>(_ body: (any EngineSnapshot) throws(EngineError) -> R) throws(EngineError) -> R {
        let base = try enter()
        defer { leave() }
        return try body(base)
    }

    /// Begins a use of the engine snapshot by a scan, and registers the scan, so that ``revoke(_:)`` revokes it.
    ///
    /// - Returns: the engine snapshot, and the index to pass to ``endUse(_:)``.
    /// - Throws: the error of the ``RevocationReason`` when the snapshot was revoked.
    func beginUse(_ scan: any Revocable) throws(EngineError) -> (any EngineSnapshot, Int) {
        let scans = scans.load() ?? scans.storeIfNil(SnapshotRegistry())
        // Registered first, because revoking a snapshot revokes the scans that are registered with it.
        let id = scans.addWeakly(scan)
        do throws(EngineError) {
            return (try enter(), id)
        } catch {
            scans.remove(id)
            throw error
        }
    }

    func endUse(_ id: Int) {
        scans.load()?.remove(id)
        leave()
    }

    private func enter() throws(EngineError) -> any EngineSnapshot {
        var count = users.load(ordering: .relaxed)
        while count & 1 == 0 {
            let (entered, now) = users.weakCompareExchange(
                expected: count, desired: count + 2, ordering: .acquiringAndReleasing)
            if entered, let base { return base }
            count = now
        }
        throw .failed(endedError)
    }

    private func leave() {
        guard users.subtract(2, ordering: .acquiringAndReleasing).newValue == 1 else { return }
        base = nil
        // In this order, because closing the store waits until no snapshot is registered.
        store.openSnapshots.remove(id)
    }

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

/// A transaction of a ``TransactionManager``, which locks everything that it reads or writes.
///
/// A read takes a shared lock on a key or a range of keys, and a write takes an exclusive one. All locks are held until
/// the transaction ends, so that everything it read stays unchanged, and no key is added to a range that it read.
/// Writes are buffered: the transaction's own reads see them, and other readers see all of them from the same point in
/// time on, when ``commit()`` has made them.
///
/// A call waits if another transaction holds a conflicting lock. Locks are granted in the order of arrival, and readers
/// do not starve a writer. When several transactions wait for each other in a cycle, the youngest is rolled back
/// immediately, and its waiting call throws `.deadlock`: begin another transaction and repeat the work. A call that
/// waits longer than ``TransactionManager/Configuration/lockTimeout`` throws `.lockTimeout`, and a waiting call whose
/// task is cancelled throws `.cancelled`. After these two errors the transaction keeps its locks and continues.
///
/// To read a key that will be written next, use ``getForUpdate(_:)``: two transactions that read the same key and then
/// want to write it would wait for each other.
///
/// Closing the store does not end a wait for a lock. The waiting call continues until it gets the lock or its time
/// limit expires.
///
/// A transaction ends with ``commit()`` or ``rollback()``, and is rolled back when its last reference is released.
/// Later calls throw `.transactionEnded`. It may be used from several tasks.
public final class LockingTransaction: StoreReader, TransactionCore, Identifiable {
    struct State: TransactionState {
        var buffer = WriteBuffer()
        var reads = ReadSet()
        var hasEnded = false
    }

    /// The number of the transaction within its manager, counted from 1.
    public let id: UInt64
    let manager: TransactionManager
    let state = Monitor(State())

    init(_ id: UInt64, of manager: TransactionManager) {
        self.id = id
        self.manager = manager
    }

    deinit {
        manager.locks.release(owner)
        manager.forget(id)
    }

    var store: any KeyValueStore { manager.store }
    /// The transaction as an owner of locks.
    var owner: LockOwnerID { LockOwnerID(rawValue: id) }
    /// Whether the transaction has not ended.
    var isLive: Bool { manager.locks.isOpen(owner) }
    /// Reads count only while their locks are held. The victim of a deadlock loses its locks before its waiting call
    /// has marked it as ended.
    var isActive: Bool { isLive }

    /// Whether the transaction and its store are open.
    public var isOpen: Bool { store.isOpen && isLive }
    /// Whether one of its calls waits for a lock.
    public var isWaiting: Bool { manager.locks.counts(owner).waiting > 0 }
    public var description: String { "transaction \(id) on \(store.description)" }
    public var limits: StoreLimits { store.limits }

    /// Sets `key` to `value` when the transaction commits. Its own reads see the value immediately.
    ///
    /// - Throws: `.invalidKey`, `.invalidValue`, `.transactionEnded`; if it must wait for the lock also `.deadlock`,
    ///   `.lockTimeout`, `.cancelled`.
    public func set(_ key: Bytes, to value: Bytes) async throws(StoreError) {
        try limits.check(key: key)
        try limits.check(value: value, for: key)
        try await lock(.exclusive, .key(key))
        try open { $0.buffer.set(key, to: value) }
    }

    /// Removes `key` when the transaction commits. A missing key is not an error.
    ///
    /// - Throws: as ``set(_:to:)``.
    public func delete(_ key: Bytes) async throws(StoreError) {
        try limits.check(key: key)
        try await lock(.exclusive, .key(key))
        try open { $0.buffer.delete(key) }
    }

    /// Removes every key in `range` when the transaction commits. No other transaction can read or write the range
    /// until then.
    ///
    /// - Throws: as ``set(_:to:)``.
    public func delete(in range: KeyRange) async throws(StoreError) {
        try await lock(.exclusive, range)
        try open { $0.buffer.delete(in: range) }
    }

    /// Acquires a lock and holds it until the transaction ends.
    func lock(_ mode: LockMode, _ range: KeyRange) async throws(StoreError) {
        let limit = manager.configuration.lockTimeout
        switch await manager.locks.lock(mode, range, for: owner, atMost: limit) {
        case .granted: return
        case .hasEnded: throw endedError
        case .deadlock:
            _ = end()
            throw StoreError(
                .deadlock,
                "Transactions waited for each other in a cycle; \(id), the youngest, was rolled back. Begin another transaction and repeat the work.",
                store: store.description)
        case .timeout:
            throw StoreError(
                .lockTimeout,
                "Transaction \(id) waited for a lock for \(limit ?? .zero) and did not get it. It keeps its locks: try again later, or roll it back.",
                store: store.description, key: range.lowerBound)
        case .cancelled:
            throw StoreError(
                .cancelled,
                "The task was cancelled while transaction \(id) waited for a lock; the transaction continues.",
                store: store.description)
        }
    }

    func translated(_ error: StoreError) -> StoreError { error }
    var endedError: StoreError { TransactionManager.endedError(id, store) }
}

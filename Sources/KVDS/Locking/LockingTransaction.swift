/// A transaction that locks what it touches, from a ``TransactionManager``.
///
/// A read locks a key, or a range of keys, to be read by many; a write locks it for this transaction alone. All locks are
/// held until the transaction ends, so that what was read stays as it was, and ranges that were read get no new keys.
/// Writes are kept aside: its own reads show them, and others see them once ``commit()`` has made all of them at one
/// instant.
///
/// A call waits where another transaction holds what it needs; who came first is served first, and readers do not keep a
/// writer waiting for ever. When several wait for each other in a circle, the youngest is rolled back at once, and its
/// waiting call throws `.deadlock`: begin another transaction and do it again. A call that waits longer than
/// ``TransactionManager/Configuration/lockTimeout`` throws `.lockTimeout`, one whose task is cancelled `.cancelled`; the
/// transaction keeps its locks and goes on.
///
/// To read what is to be written next, use ``getForUpdate(_:)``: two who have read the same key and then want to write it
/// would wait for each other.
///
/// Closing the store ends no wait for a lock; who waits is told when the lock is there, or its time is over.
///
/// A transaction is over after ``commit()`` and ``rollback()``, and is rolled back when nobody holds it any more. Later calls
/// throw `.transactionEnded`. It may be used from several tasks.
public final class LockingTransaction: StoreReader, TransactionCore, Identifiable {
    struct State: TransactionState {
        var buffer = WriteBuffer()
        var reads = ReadSet()
        var hasEnded = false
    }

    /// The first transaction of a manager has 1, the next 2.
    public let id: UInt64
    let manager: TransactionManager
    let state = Monitor(State())

    init(_ id: UInt64, of manager: TransactionManager) {
        self.id = id
        self.manager = manager
    }

    deinit {
        manager.locks.release(id)
        manager.forget(id)
    }

    var store: any KeyValueStore { manager.store }
    /// Whether it has not ended.
    var isLive: Bool { manager.locks.isOpen(id) }
    /// What was read under locks counts while they are held. The victim of a deadlock has lost them before the call that is
    /// told so has noted it.
    var isActive: Bool { isLive }

    /// Whether the transaction and its store are open.
    public var isOpen: Bool { store.isOpen && isLive }
    /// Whether a call of it waits for a lock.
    public var isWaiting: Bool { manager.locks.counts(id).waiting > 0 }
    public var description: String { "transaction \(id) on \(store.description)" }
    public var limits: StoreLimits { store.limits }

    /// Gives `key` the value `value`, once the transaction commits; its own reads show it at once.
    ///
    /// - Throws: `.invalidKey`, `.invalidValue`, `.transactionEnded`; when it had to wait for the lock also `.deadlock`,
    ///   `.lockTimeout`, `.cancelled`.
    public func set(_ key: Bytes, to value: Bytes) async throws(StoreError) {
        try limits.check(key: key)
        try limits.check(value: value, for: key)
        try await lock(.exclusive, .key(key))
        try open { $0.buffer.set(key, to: value) }
    }

    /// Removes `key`, once the transaction commits; a key that is not there is no error.
    ///
    /// - Throws: as ``set(_:to:)``.
    public func delete(_ key: Bytes) async throws(StoreError) {
        try limits.check(key: key)
        try await lock(.exclusive, .key(key))
        try open { $0.buffer.delete(key) }
    }

    /// Removes every key in `range`, once the transaction commits. No other transaction touches the range until then.
    ///
    /// - Throws: as ``set(_:to:)``.
    public func delete(_ range: KeyRange) async throws(StoreError) {
        try await lock(.exclusive, range)
        try open { $0.buffer.delete(range) }
    }

    /// Gets a lock and keeps it until the transaction ends.
    func lock(_ mode: LockMode, _ range: KeyRange) async throws(StoreError) {
        let limit = manager.configuration.lockTimeout
        switch await manager.locks.lock(mode, range, for: id, atMost: limit) {
        case .granted: return
        case .hasEnded: throw endedError
        case .deadlock:
            _ = end()
            throw StoreError(
                .deadlock,
                "Transactions waited for each other in a circle; \(id), the youngest, was rolled back. Begin another one and do it again.",
                store: store.description)
        case .timeout:
            throw StoreError(
                .lockTimeout,
                "Transaction \(id) waited for a lock for \(limit ?? .zero) and did not get it. It goes on: try again later, or roll it back.",
                store: store.description, key: range.lowerBound)
        case .cancelled:
            throw StoreError(
                .cancelled,
                "The task was cancelled while transaction \(id) waited for a lock; the transaction goes on.",
                store: store.description)
        }
    }

    func translated(_ error: StoreError) -> StoreError { error }
    var endedError: StoreError { TransactionManager.endedError(id, store) }
}

import Logging

/// A transaction, through which the closure of ``KeyValueStore/withTransaction(options:_:)`` reads and writes.
///
/// It reads one snapshot of the store, taken by its first read, and its own writes. ``get(_:)`` and scans see its own
/// writes immediately, and other callers see them when the transaction has committed. If the store provides no snapshot
/// (``KeyValueStore/snapshots`` is nil, or no more snapshots are available), each read shows the current state of the
/// store. Two reads may then contradict each other inside the closure, but such a transaction is not committed.
///
/// It may be used from child tasks of the closure. It ends when the closure returns. After that, reads throw
/// `.transactionEnded`. A write cannot throw: it is dropped and logged as an error, and does not reach the store.
public final class Transaction: StoreReader, TransactionCore {
    struct State: TransactionState {
        var buffer = WriteBuffer()
        var reads = ReadSet()
        var source: Source?
        var hasEnded = false
    }

    /// The source of reads that the buffer cannot answer.
    enum Source {
        case snapshot(any StoreSnapshot)
        case store(any KeyValueStore)

        var reader: any StoreReader {
            switch self {
            case .snapshot(let snapshot): snapshot
            case .store(let store): store
            }
        }
    }

    let store: any KeyValueStore
    let state = Monitor(State())

    init(on store: any KeyValueStore) { self.store = store }

    /// Whether the transaction and its store are open.
    public var isOpen: Bool { store.isOpen && !state.withLock { $0.hasEnded } }
    public var description: String { "transaction on \(store.description)" }
    public var limits: StoreLimits { store.limits }

    /// Sets `key` to `value` when the transaction commits. Its own reads see the value immediately.
    ///
    /// If the store does not accept the key or the value, the commit throws.
    public func set(_ key: Bytes, to value: Bytes) { write { $0.set(key, to: value) } }

    /// Removes `key` when the transaction commits.
    public func delete(_ key: Bytes) { write { $0.delete(key) } }

    /// Removes every key in `range` when the transaction commits. This includes keys that other writers set in the
    /// meantime, unless the transaction has read the range.
    public func delete(in range: KeyRange) { write { $0.delete(in: range) } }

    private func write(_ change: (inout WriteBuffer) -> Void) {
        let hasEnded = state.withLock { state in
            if !state.hasEnded { change(&state.buffer) }
            return state.hasEnded
        }
        if hasEnded {
            Logger(label: "kvds").error(
                "a write to a transaction that has ended was dropped", metadata: ["store": "\(store.description)"])
        }
    }

    var isActive: Bool { true }

    var endedError: StoreError {
        StoreError(
            .transactionEnded, "The transaction has ended; use it inside its closure only.", store: store.description)
    }
}

import Logging

/// What the closure of ``KeyValueStore/withTransaction(options:_:)`` reads and writes through.
///
/// It sees one moment of the store, that of its first read, and its own writes: ``get(_:)`` and scans show them at once,
/// others see them when the transaction has committed. Where a store cannot show a moment (it is not ``SnapshotProvider``,
/// or has no view left to give), each read shows the store as it is; then two reads may contradict each other inside the
/// closure, but a transaction in which they do is not committed.
///
/// It may be used from child tasks of the closure. Once the closure has returned, it is over: reads throw
/// `.transactionEnded`, and a write, which has no way to throw, is dropped and logged as an error. It cannot reach the
/// store.
public final class Transaction: StoreReader, TransactionCore {
    struct State: TransactionState {
        var buffer = WriteBuffer()
        var reads = ReadSet()
        var view: View?
        var hasEnded = false
    }

    /// What is read where the buffer says nothing.
    enum View {
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

    /// Gives `key` the value `value`, once the transaction commits; its own reads show it at once.
    ///
    /// A key or value that the store does not take is found when the transaction commits.
    public func set(_ key: Bytes, to value: Bytes) { write { $0.set(key, to: value) } }

    /// Removes `key`, once the transaction commits.
    public func delete(_ key: Bytes) { write { $0.delete(key) } }

    /// Removes every key in `range`, once the transaction commits: also those that others set there meanwhile, unless the
    /// transaction has read the range.
    public func delete(_ range: KeyRange) { write { $0.delete(range) } }

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

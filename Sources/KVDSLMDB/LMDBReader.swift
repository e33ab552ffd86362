import CLMDB
import KVDS

/// The owner of a read transaction: of its reader slot and, while it is active, of a snapshot of the store.
///
/// `@unchecked Sendable` is right because a reader is used by one thread at a time, which is all that LMDB requires
/// with NOTLS: by the thread that took it from the pool or, when it is shared, through ``withExclusiveAccess(_:)``;
/// `@safe` because the pointer does not leave the module and is freed here.
@safe
final class LMDBReader: @unchecked Sendable {
    let environment: LMDBEnvironment
    let transaction: OpaquePointer
    /// The lock of the reader; its number has no meaning.
    private let turn = Monitor(0)

    /// Begins a transaction in a new reader slot.
    init(_ environment: LMDBEnvironment) throws(EngineError) {
        var transaction: OpaquePointer?
        let code = environment.turns.withReaderTableLock {
            let code = unsafe mdb_txn_begin(environment.pointer, nil, UInt32(MDB_RDONLY), &transaction)
            guard code == MDB_READERS_FULL else { return code }
            // The slots of processes that died stay in use until stale readers are cleared.
            unsafe mdb_reader_check(environment.pointer, nil)
            return unsafe mdb_txn_begin(environment.pointer, nil, UInt32(MDB_RDONLY), &transaction)
        }
        guard code == MDB_SUCCESS, let transaction = unsafe transaction else {
            throw .lmdb(code, "begin to read", environment.path)
        }
        self.environment = environment
        unsafe self.transaction = transaction
    }

    deinit { unsafe mdb_txn_abort(transaction) }

    /// Calls `body` with the transaction while no other thread uses it.
    func withExclusiveAccess(_ body: (OpaquePointer) throws(EngineError) -> Void) throws(EngineError) {
        try turn.withLock { _ throws(EngineError) in try unsafe body(transaction) }
    }

    /// Releases the snapshot and keeps the reader slot.
    func reset() { unsafe mdb_txn_reset(transaction) }

    /// Takes the newest snapshot.
    ///
    /// - Returns: LMDB's return code.
    func renew() -> Int32 { unsafe mdb_txn_renew(transaction) }
}

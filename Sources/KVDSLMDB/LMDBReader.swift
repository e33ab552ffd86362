import CLMDB
import KVDS

/// The owner of a read transaction: of its reader slot, and while it is active of one moment of the store.
///
/// `@unchecked Sendable` is right because a reader is used by one thread at a time, which is all LMDB asks with NOTLS;
/// `@safe` because the pointer does not leave the module and is freed here.
@safe
final class LMDBReader: @unchecked Sendable {
    let environment: LMDBEnvironment
    let transaction: OpaquePointer

    /// Begins a transaction in a slot of its own.
    init(_ environment: LMDBEnvironment) throws(StoreError) {
        var transaction: OpaquePointer?
        var code = unsafe mdb_txn_begin(environment.pointer, nil, UInt32(MDB_RDONLY), &transaction)
        if code == MDB_READERS_FULL {
            // Slots of processes that died are in use until somebody looks.
            unsafe mdb_reader_check(environment.pointer, nil)
            code = unsafe mdb_txn_begin(environment.pointer, nil, UInt32(MDB_RDONLY), &transaction)
        }
        guard code == MDB_SUCCESS, let transaction = unsafe transaction else {
            throw .lmdb(code, "begin to read", environment.path)
        }
        self.environment = environment
        unsafe self.transaction = transaction
    }

    deinit { unsafe mdb_txn_abort(transaction) }

    /// Lets go of the moment; the slot stays.
    func reset() { unsafe mdb_txn_reset(transaction) }

    /// Takes the newest moment.
    func renew() throws(StoreError) { try check(unsafe mdb_txn_renew(transaction), "begin to read", environment.path) }
}

/// Readers between two uses. Taking one costs a lock of the thread's own stripe; to begin one costs LMDB's reader mutex.
final class LMDBReaderPool: Sendable {
    private static let stripeCount = ReadGate.stripeCount
    private static let stripeCapacity = 4

    private let environment: LMDBEnvironment
    private let stripes: [Monitor<[LMDBReader]>]

    init(_ environment: LMDBEnvironment) {
        self.environment = environment
        stripes = (0..<Self.stripeCount).map { _ in Monitor([]) }
    }

    /// An active reader of the newest moment.
    ///
    /// - Throws: `.tooManyReaders`; `.needsRoom` when another process has enlarged the file.
    func take() throws(StoreError) -> LMDBReader {
        try environment.checkMap()
        let own = ReadGate.currentStripe
        for offset in 0..<Self.stripeCount {
            guard let reader = stripes[(own + offset) % Self.stripeCount].withLock({ $0.popLast() }) else { continue }
            try reader.renew()
            return reader
        }
        return try LMDBReader(environment)
    }

    /// Ends a reader's moment and keeps it for the next.
    func put(_ reader: LMDBReader) {
        reader.reset()
        let surplus: LMDBReader? = stripes[ReadGate.currentStripe].withLock { idle in
            if idle.count == Self.stripeCapacity { return reader }
            idle.append(reader)
            return nil
        }
        // Its slot is freed here, outside the lock.
        withExtendedLifetime(surplus) {}
    }

    /// Frees every idle reader.
    func removeAll() {
        for stripe in stripes { stripe.withLock { $0 = [] } }
    }
}

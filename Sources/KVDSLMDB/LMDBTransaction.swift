import CLMDB
package import KVDS

/// The owner of LMDB's write transaction. Only the thread that created it uses it.
@safe
package final class LMDBTransaction: EngineTransaction {
    private let environment: LMDBEnvironment
    package let revision: Revision
    /// Nil once the transaction has ended.
    private var transaction: OpaquePointer?

    init(_ environment: LMDBEnvironment) throws(EngineError) {
        var transaction: OpaquePointer?
        try environment.checkMap()
        environment.turns.lockWriter()
        do throws(EngineError) {
            let code = unsafe mdb_txn_begin(environment.pointer, nil, 0, &transaction)
            try check(code, "begin to write", environment.path)
            guard let begun = unsafe transaction else { throw .lmdb(MDB_BAD_TXN, "begin to write", environment.path) }
            revision = try unsafe environment.revision(begun)
        } catch {
            if let transaction = unsafe transaction { unsafe mdb_txn_abort(transaction) }
            environment.turns.unlockWriter()
            throw error
        }
        self.environment = environment
        unsafe self.transaction = transaction
    }

    deinit { abort() }

    package func get(_ key: Bytes) throws(EngineError) -> Bytes? {
        try unsafe LMDBEngine.find(key, open(), environment) { unsafe Bytes(copying: $0) }
    }

    package func makeCursor(in range: KeyRange) throws(EngineError) -> LMDBCursor {
        try unsafe LMDBCursor(transaction: open(), environment: environment, range: range, order: .forward)
    }

    package func set(_ key: Bytes, to value: Bytes) throws(EngineError) {
        let transaction = try unsafe open()
        let code = unsafe key.withUnsafeBytes { key in
            unsafe value.withUnsafeBytes { value in
                var key = unsafe MDB_val(key)
                var value = unsafe MDB_val(value)
                return unsafe mdb_put(transaction, environment.entries, &key, &value, 0)
            }
        }
        try check(code, "write", environment.path)
    }

    package func delete(_ key: Bytes) throws(EngineError) {
        let transaction = try unsafe open()
        let code = unsafe key.withUnsafeBytes { key in
            var key = unsafe MDB_val(key)
            return unsafe mdb_del(transaction, environment.entries, &key, nil)
        }
        if code != MDB_NOTFOUND { try check(code, "delete", environment.path) }
    }

    package func delete(in range: KeyRange) throws(EngineError) {
        if range == .all {
            return try check(unsafe mdb_drop(open(), environment.entries, 0), "delete everything", environment.path)
        }
        if range.isEmpty { return }
        let walk = try unsafe LMDBRawCursor(open(), environment)
        var found = try unsafe walk.seek(range.lowerBound)
        while let entry = unsafe found {
            if let upperBound = range.upperBound, unsafe !entry.isBefore(upperBound) { return }
            try walk.delete()
            unsafe found = try unsafe walk.step(MDB_NEXT)
        }
    }

    package func commit(_ revision: Revision, _ durability: Durability) throws(EngineError) -> Durability {
        let open = try unsafe open()
        let code = unsafe LMDBEnvironment.put(revision.rawValue, StoreFormat.revisionKey, open, environment.meta)
        try check(code, "write its own data", environment.path)
        let isDurable = durability == .durable
        let number = unsafe Int(mdb_txn_id(open))
        if isDurable {
            try EngineError.wrapping { () throws(StoreError) in try environment.syncEarlierCommits(number - 1) }
        }
        // LMDB reads the flags during the commit, and only this thread commits.
        unsafe mdb_env_set_flags(environment.pointer, UInt32(MDB_NOSYNC), isDurable ? 0 : 1)
        unsafe transaction = nil
        let outcome = unsafe mdb_txn_commit(open)
        environment.turns.unlockWriter()
        if outcome != MDB_SUCCESS { throw .lmdb(commit: outcome, environment) }
        if isDurable { environment.lastSyncedCommit = number }
        return isDurable ? .durable : .buffered
    }

    package func abort() {
        guard let open = unsafe transaction else { return }
        unsafe transaction = nil
        unsafe mdb_txn_abort(open)
        environment.turns.unlockWriter()
    }

    private func open() throws(EngineError) -> OpaquePointer {
        guard let transaction = unsafe transaction else {
            throw .failed(StoreError(.invalidArgument, "The transaction has ended.", store: environment.path))
        }
        return unsafe transaction
    }
}

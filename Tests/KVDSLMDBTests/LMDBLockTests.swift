import CLMDB
import DiskTestSupport
import KVDS
import KVDSLMDB
import Testing

@Suite("LMDB's lock of writers", .timeLimit(.minutes(1)))
struct LMDBLockTests {
    /// A commit waited for ever, with the lock free: of three processes that wanted it the one that was woken was killed
    /// before it ran, another took the lock meanwhile, and nobody knew any more of the one that slept.
    @Test("a process that is killed while it waits takes nobody's wake-up with it")
    func killedWaiter() async throws {
        try await withTemporaryDirectory { path in
            try await LMDBConfiguration().open(path).close()
            let holder = try LockHolder(path)
            let survivor = try WorkerProcess(.lmdb, path, ["buffered"])
            #expect(await survivor.nextLine() == "open")
            for round in 1...4 {
                let killed = try WorkerProcess(.lmdb, path, ["buffered"])
                #expect(await killed.nextLine() == "open")
                await holder.take()
                // Who came first is woken first. That they wait cannot be seen; where they do not yet, a round proves nothing.
                try killed.send("set killed \(round)")
                try await Task.sleep(for: .milliseconds(100))
                try survivor.send("set survivor \(round)")
                try await Task.sleep(for: .milliseconds(100))
                killed.pause()
                await holder.letGoAndTake()
                killed.crash()
                #expect(await killed.nextLine() == nil)
                await holder.letGo()
                let answer = await survivor.nextLine(within: .seconds(20))
                try #require(answer?.hasPrefix("revision") == true, "the lock is free, and the survivor waits for it")
            }
            try await survivor.quit()
            await holder.close()
        }
    }
}

/// Another program with the store's files open, which takes the lock of writers. What it does is done by a thread of its own,
/// as LMDB wants it.
///
/// `@unchecked Sendable` is right because only that thread touches the pointers; `@safe` because they go nowhere else.
@safe
private final class LockHolder: @unchecked Sendable {
    private let thread: WorkerThreads
    private let environment: OpaquePointer
    private var transaction: OpaquePointer?

    init(_ path: String) throws {
        thread = try WorkerThreads()
        var environment: OpaquePointer?
        unsafe mdb_env_create(&environment)
        unsafe mdb_env_open(environment, path, UInt32(MDB_NOTLS), 0o600)
        unsafe self.environment = try unsafe #require(environment)
    }

    func take() async { await onThread { self.begin() } }

    func letGo() async { await onThread { self.abort() } }

    /// As a writer does that has more to write.
    func letGoAndTake() async {
        await onThread {
            self.abort()
            self.begin()
        }
    }

    func close() async { await onThread { unsafe mdb_env_close(self.environment) } }

    private func begin() { _ = unsafe mdb_txn_begin(environment, nil, 0, &transaction) }

    private func abort() { unsafe mdb_txn_abort(transaction) }

    private func onThread(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { done in
            thread.submit {
                body()
                done.resume()
            }
        }
    }
}

import CLMDB
import DiskTestSupport
import Foundation
import KVDS
import KVDSLMDB
import Testing

#if os(Linux)
@Suite("LMDB's lock of writers", .timeLimit(.minutes(5)))
struct LMDBLockTests {
    /// A commit waited for ever, with the lock free: of three processes that wanted it the one that was woken was killed
    /// before it ran, another took the lock meanwhile, and nobody knew any more of the one that slept.
    ///
    /// From when it waits the one that is killed runs on the processor of the one that kills it, and only when that is idle:
    /// it is woken, and killed before it has run.
    @Test(
        "a process that is killed while it waits to write takes nobody's wake-up with it",
        .enabled(if: Tool.isInstalled("chrt") && Tool.isInstalled("taskset")))
    func killedWaiter() async throws {
        try await withTemporaryDirectory { path in
            try await LMDBConfiguration().open(path).close()
            let holder = try await LockHolder(path)
            let survivor = try WorkerProcess(.lmdb, path, ["buffered"])
            #expect(await survivor.nextLine() == "open")
            // Where the holder's thread loses its processor at that moment the one that is killed has committed before: such a
            // round proves nothing.
            var proven = 0
            for round in 1...20 where proven < 4 {
                let killed = try WorkerProcess(.lmdb, path, ["buffered"])
                #expect(await killed.nextLine() == "open")
                await holder.take()
                // Who came first is woken first.
                try killed.send("set killed \(round)")
                try #require(await killed.waitsForSharedLock())
                try Tool.run("taskset", ["--all-tasks", "--cpu-list", "--pid", "\(holder.processor)", "\(killed.id)"])
                try Tool.run("chrt", ["--all-tasks", "--idle", "--pid", "0", "\(killed.id)"])
                try survivor.send("set survivor \(round)")
                try #require(await survivor.waitsForSharedLock())
                await holder.letGoAndTake { killed.crash() }
                if await killed.nextLine() == nil { proven += 1 }
                await holder.letGo()
                let answer = await survivor.nextLine(within: .seconds(40))
                try #require(answer?.hasPrefix("revision") == true, "the lock is free, and the survivor waits for it")
            }
            #expect(proven > 0, "no process was killed while it waited")
            try await survivor.quit()
            await holder.close()
        }
    }
}

/// Another program with the store's files open, which takes the lock of writers. What it does is done by a thread of its own,
/// as LMDB wants it, on one processor.
///
/// `@unchecked Sendable` is right because only that thread touches the pointers; `@safe` because they go nowhere else.
@safe
private final class LockHolder: @unchecked Sendable {
    private let thread: WorkerThreads
    private let environment: OpaquePointer
    private var transaction: OpaquePointer?
    /// The number of the processor that the thread runs on.
    let processor: Int

    init(_ path: String) async throws {
        let thread = try WorkerThreads()
        self.thread = thread
        processor = try await withCheckedThrowingContinuation { done in
            thread.submit { done.resume(with: Result { try LockHolder.stayOnOneProcessor() }) }
        }
        var environment: OpaquePointer?
        unsafe mdb_env_create(&environment)
        unsafe mdb_env_open(environment, path, UInt32(MDB_NOTLS), 0o600)
        unsafe self.environment = try unsafe #require(environment)
    }

    func take() async { await onThread { self.begin() } }

    func letGo() async { await onThread { self.abort() } }

    /// As a writer does that has more to write.
    ///
    /// - Parameter body: what is done before anybody else runs on this processor.
    func letGoAndTake(_ body: @escaping @Sendable () -> Void) async {
        await onThread {
            self.abort()
            self.begin()
            body()
        }
    }

    func close() async { await onThread { unsafe mdb_env_close(self.environment) } }

    /// Has the calling thread run on one processor alone.
    ///
    /// - Returns: the processor's number.
    private static func stayOnOneProcessor() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let allowed = try #require(status.firstMatch(of: /Cpus_allowed_list:\s*(\d+)/)?.1)
        let thread = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
        let number = try #require(thread.split(separator: "/").last)
        try Tool.run("taskset", ["--cpu-list", "--pid", String(allowed), String(number)])
        return try #require(Int(allowed))
    }

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
#endif

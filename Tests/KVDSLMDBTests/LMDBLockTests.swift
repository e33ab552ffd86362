import CLMDB
import TestSupport
import Foundation
import KVDS
import KVDSLMDB
import Testing

#if os(Linux)
@Suite("LMDB's writer lock", .timeLimit(.minutes(5)))
struct LMDBLockTests {
    /// A commit could wait forever although the lock was free. Of three processes that wanted the lock, the one that
    /// was woken was killed before it ran, another one took the lock in the meantime, and no process woke the third.
    ///
    /// Once the process that is killed waits, it runs only on the killing thread's processor and only when that is
    /// idle. It is woken, and killed before it has run.
    @Test(
        "a process killed while it waits to write takes no other process's wake-up with it",
        .enabled(if: Tool.isInstalled("chrt") && Tool.isInstalled("taskset")))
    func killedWaiter() async throws {
        try await withTemporaryDirectory { path in
            try await LMDBConfiguration().open(path).close()
            let holder = try await LockHolder(path)
            let survivor = try WorkerProcess(.lmdb, path, ["buffered"])
            #expect(await survivor.nextLine() == "open")
            // If the holder's thread loses its processor at this point, the process commits before it is killed. Such a
            // round proves nothing.
            var proven = 0
            for round in 1...20 where proven < 4 {
                let killed = try WorkerProcess(.lmdb, path, ["buffered"])
                #expect(await killed.nextLine() == "open")
                await holder.take()
                // The process that waits first is woken first.
                try killed.send("set killed \(round)")
                try #require(await killed.waitsForSharedLock())
                try Tool.run("taskset", ["--all-tasks", "--cpu-list", "--pid", "\(holder.processor)", "\(killed.id)"])
                try Tool.run("chrt", ["--all-tasks", "--idle", "--pid", "0", "\(killed.id)"])
                try survivor.send("set survivor \(round)")
                try #require(await survivor.waitsForSharedLock())
                await holder.releaseAndTake { killed.crash() }
                if await killed.nextLine() == nil { proven += 1 }
                await holder.release()
                let answer = await survivor.nextLine(within: .seconds(40))
                try #require(answer?.hasPrefix("revision") == true, "the lock is free, and the survivor waits for it")
            }
            #expect(proven > 0, "no process was killed while it waited")
            try await survivor.quit()
            await holder.close()
        }
    }
}

/// Another program that has the store's files open and takes the writer lock. It works on its own thread, as LMDB
/// requires, on one processor.
///
/// `@unchecked Sendable` is correct because only that thread uses the pointers; `@safe` because they are passed to no
/// other code.
@safe
private final class LockHolder: @unchecked Sendable {
    private let thread: WorkerThreads
    private let environment: OpaquePointer
    private var transaction: OpaquePointer?
    /// The number of the thread's processor.
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

    func release() async { await onThread { self.abort() } }

    /// Releases the lock and takes it again, like a writer with more to write.
    ///
    /// - Parameter body: runs before any other thread runs on this processor.
    func releaseAndTake(_ body: @escaping @Sendable () -> Void) async {
        await onThread {
            self.abort()
            self.begin()
            body()
        }
    }

    func close() async { await onThread { unsafe mdb_env_close(self.environment) } }

    /// Restricts the calling thread to one processor.
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

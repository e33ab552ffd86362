import Synchronization
import Testing

@testable import KVDS
@testable import KVDSTesting

@Suite("The victim of a deadlock", .timeLimit(.minutes(1)))
struct DeadlockVictimTests {
    @Test(
        "a deadlock victim's pending read throws .transactionEnded once its locks are released",
        arguments: ["get", "exists", "scan"])
    func lostLocks(_ kind: String) async throws {
        let store = HeldReads(MemoryStore())
        try await store.set("slow", to: "before")
        let manager = TransactionManager(store, configuration: .init(lockTimeout: nil))
        let (older, victim) = (await manager.begin(), await manager.begin())
        try await older.set("a", to: "older")
        try await victim.set("b", to: "victim")

        // The call has the lock, but the store has not answered.
        let reading = Task { () async throws -> String in
            switch kind {
            case "get": return "\(try await victim.get("slow").map(String.init) ?? "nil")"
            case "exists": return "\(try await victim.exists("slow"))"
            default: return "\(try await victim.list(.key("slow")).map(\.value))"
            }
        }
        await store.readIsHeld()
        // Another call of the victim waits. It will receive `.deadlock` only when its executor runs.
        let executor = SteppedExecutor()
        let caller = SteppedActor(executor)
        let waiting = Task { try await caller.set("a", in: victim) }
        while !victim.isWaiting {
            executor.step()
            await Task.yield()
        }
        // This closes the cycle. The older transaction has its locks and may change what the victim is reading.
        try await older.set("b", to: "older")
        try await older.set("slow", to: "after")
        try await older.commit()
        #expect(!victim.state.withLock { $0.hasEnded })
        store.release()
        await #expect { _ = try await reading.value } throws: { ($0 as? StoreError)?.code == .transactionEnded }

        let stepping = Task {
            while !Task.isCancelled {
                executor.step()
                await Task.yield()
            }
        }
        await #expect { try await waiting.value } throws: { ($0 as? StoreError)?.code == .deadlock }
        stepping.cancel()
        await stepping.value
        #expect(try await store.get("a") == "older")
    }
}

/// Runs its jobs on demand.
private final class SteppedExecutor: SerialExecutor {
    private let jobs = Mutex<[UnownedJob]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    /// Runs all ready jobs.
    func step() {
        let ready = jobs.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
        for job in ready { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}

private actor SteppedActor {
    private let executor: SteppedExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(_ executor: SteppedExecutor) { self.executor = executor }

    func set(_ key: Bytes, in transaction: LockingTransaction) async throws {
        try await transaction.set(key, to: "1")
    }
}

/// A store that answers reads of `slow` on demand.
private final class HeldReads: BareLayer {
    private struct State {
        var isReleased = false
        var held: [CheckedContinuation<Void, Never>] = []
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    let base: any KeyValueStore
    private let state = Mutex(State())

    init(_ base: any KeyValueStore) { self.base = base }

    /// Waits until a read is held.
    func readIsHeld() async {
        await withCheckedContinuation { watcher in
            let isHeld = state.withLock { state in
                if state.held.isEmpty { state.watchers.append(watcher) }
                return !state.held.isEmpty
            }
            if isHeld { watcher.resume() }
        }
    }

    func release() {
        let held = state.withLock { state in
            state.isReleased = true
            defer { state.held = [] }
            return state.held
        }
        for reader in held { reader.resume() }
    }

    private func wait() async {
        await withCheckedContinuation { reader in
            let (isReleased, watchers) = state.withLock { state in
                if !state.isReleased { state.held.append(reader) }
                defer { state.watchers = [] }
                return (state.isReleased, state.watchers)
            }
            if isReleased { reader.resume() }
            for watcher in watchers { watcher.resume() }
        }
    }

    func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        if key == "slow" { await wait() }
        return try await base.get(key)
    }

    func exists(_ key: Bytes) async throws(StoreError) -> Bool { try await get(key) != nil }

    func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        try await get(key).map { body($0.bytes) }
    }

    func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        Entries { HeldScan(base: self.base.entries(in: range, order: order, limit: limit), wait: self.wait) }
    }
}

/// `@unchecked Sendable` is correct because only one iteration uses a scan.
private final class HeldScan: EntryPageSource, @unchecked Sendable {
    private var pages: Entries.Pages.Iterator
    private let wait: @Sendable () async -> Void

    init(base: Entries, wait: @escaping @Sendable () async -> Void) {
        pages = base.pages.makeAsyncIterator()
        self.wait = wait
    }

    func nextPage() async throws(StoreError) -> EntryPage? {
        await wait()
        return try await pages.next()
    }

    func end() {}
}

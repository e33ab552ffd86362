#if Command
import KVDS

/// A store's files, their expected contents, and the acknowledgements since the last check.
final class KilledFiles {
    let path: String
    let workload: Workload
    private let backend: TortureBackend
    private let durability: TortureDurability
    private let checksRevisions: Bool
    private var expected: [ExpectedState]
    /// The last acknowledged operation of each task.
    private var acknowledged: [Int]
    /// The number of processes that have worked for each task since the last check. Each may have committed one
    /// operation without acknowledging it.
    private var lives: [Int]
    /// The store's revision at the last check.
    private var revision: Revision
    private var returned: [(task: Int, revision: Revision)] = []
    private var count = 0
    private var held: (any KeyValueStore)?

    /// Makes the store with its accounts.
    ///
    /// - Parameter isHeld: whether this process keeps the store open all the time.
    init(
        path: String, backend: TortureBackend, durability: TortureDurability, workload: Workload, isHeld: Bool,
        checksRevisions: Bool
    ) async throws {
        self.path = path
        self.workload = workload
        self.backend = backend
        self.durability = durability
        self.checksRevisions = checksRevisions
        expected = (0..<KillRounds.tasks).map { ExpectedState(workload: workload, task: $0) }
        acknowledged = expected.map { _ in 0 }
        lives = acknowledged
        let store = try await backend.open(path, durability: durability, growsFiles: workload.growsFiles)
        try await store.write { batch in
            for account in 0..<Workload.accounts {
                batch.set(Workload.account(account), to: Bytes("\(Workload.balance)"))
            }
        }
        revision = try await store.statistics().engine.revision
        if isHeld { held = store } else { try await store.close() }
    }

    /// Records the operations of these tasks that a child acknowledged before it was killed.
    func take(_ messages: [ChildMessage], of tasks: Range<Int>) throws {
        for task in tasks { lives[task] += 1 }
        for message in messages {
            let next = acknowledged[message.task] + 1
            try require(
                next..<next + lives[message.task] ~= message.number,
                "task \(message.task) went on with operation \(message.number) after \(acknowledged[message.task])")
            acknowledged[message.task] = message.number
            if message.revision > 0 { returned.append((message.task, Revision(rawValue: message.revision))) }
        }
        count += messages.count
    }

    /// Returns the number of acknowledgements since the last call.
    func takeCount() -> Int {
        defer { count = 0 }
        return count
    }

    func finish() async throws { try await held?.close() }

    /// Opens the store and compares all of it with its expected contents.
    func check() async throws {
        let store: any KeyValueStore
        if let held {
            store = held
            // If a process has the store open all the time, a commit during which its process was killed may already be
            // present but become visible only when the next writer takes the lock. It was not acknowledged, so nothing
            // is lost.
            _ = try await held.write { $0.require(.present(Workload.account(0))) }
        } else {
            store = try await backend.open(path, durability: durability, growsFiles: workload.growsFiles)
        }
        _ = try await store.verify { _ in }
        var entries: [Bytes: [Entry]] = [:]
        for try await page in store.entries().pages {
            for entry in page {
                let owner = entry.key.starts(with: "t:".utf8) ? Bytes(entry.key.prefix(5)) : Bytes(entry.key.prefix(3))
                entries[owner, default: []].append(entry)
            }
        }
        var made = 0
        for task in expected.indices {
            let before = expected[task].number
            let found = entries.removeValue(forKey: Bytes(Workload.prefix(task))) ?? []
            try expected[task].check(found, acknowledged: acknowledged[task], begun: acknowledged[task] + lives[task])
            made += expected[task].number - before
            acknowledged[task] = expected[task].number
            lives[task] = 0
        }
        try checkShared(
            accounts: entries.removeValue(forKey: "acc") ?? [], counters: entries.removeValue(forKey: "cou") ?? [])
        try require(entries.isEmpty, "there are keys that no task has set: \(entries.keys)")
        try checkRevisions(now: try await store.statistics().engine.revision, made: made)
        if held == nil { try await store.close() }
    }

    private func checkShared(accounts: [Entry], counters: [Entry]) throws {
        let sum = accounts.reduce(0) { $0 + (Workload.number(of: $1.value) ?? 0) }
        try require(
            accounts.count == Workload.accounts && sum == Workload.accounts * Workload.balance,
            "\(accounts.count) accounts hold \(sum), and not \(Workload.accounts * Workload.balance): half a transaction"
        )
        for counter in 0..<Workload.counters {
            let value = counters.first { $0.key == Workload.counter(counter) }.flatMap { Workload.number(of: $0.value) }
            let tallies = expected.reduce(0) { $0 + $1.tallies[counter] }
            try require(
                value ?? 0 == tallies, "counter \(counter) is \(value ?? 0), and was raised \(tallies) times")
        }
    }

    /// Checks that each commit has the next revision and that no revision was returned twice.
    private func checkRevisions(now: Revision, made: Int) throws {
        defer {
            returned = []
            revision = now
        }
        guard checksRevisions else { return }
        try require(
            now.rawValue == revision.rawValue + UInt64(made),
            "the revision went from \(revision.rawValue) to \(now.rawValue) by \(made) commits")
        var last = Array(repeating: revision, count: expected.count)
        for (task, revision) in returned {
            try require(
                revision > last[task] && revision <= now,
                "task \(task) received revision \(revision.rawValue) after \(last[task].rawValue); the store is at \(now.rawValue)"
            )
            last[task] = revision
        }
        try require(Set(returned.map(\.revision)).count == returned.count, "two commits returned the same revision")
    }
}
#endif

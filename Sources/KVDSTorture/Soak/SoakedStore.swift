import KVDS
import KVDSTesting

/// One store in the soak: tasks of a ``Workload`` write to it, others look on, and at the end it holds what it must.
struct SoakedStore {
    static let writers = 4

    let workload: Workload
    let store: StoreHandle

    init(_ store: StoreHandle, seed: UInt64) async throws {
        self.store = store
        workload = Workload(seed: seed, growsFiles: false)
        try await store.write { batch in
            for account in 0..<Workload.accounts {
                batch.set(Workload.account(account), to: Bytes("\(Workload.balance)"))
            }
        }
    }

    /// Makes operations until `end`.
    ///
    /// - Returns: the number of the last one.
    func write(_ task: Int, until end: ContinuousClock.Instant) async throws -> Int {
        let task = WorkloadTask(workload: workload, task: task, store: store)
        var number = 0
        while .now < end {
            number += 1
            _ = try await task.perform(number)
        }
        return number
    }

    /// Scans, and takes snapshots, until `end`; money is neither made nor lost in any of them.
    func read(until end: ContinuousClock.Instant) async throws {
        while .now < end {
            try await checkAccounts(store)
            try await store.withSnapshot { view in
                try await checkAccounts(view)
                try await checkAccounts(view)
            }
            var scan = store.entries(order: .reverse).makeAsyncIterator()
            for _ in 0..<50 { _ = try await scan.next() }
            await Task.yield()
        }
    }

    /// Observes changes, each subscription for a while, until `end`.
    func observe(until end: ContinuousClock.Instant) async throws {
        while .now < end {
            var last = Revision.zero
            var count = 0
            for try await event in store.changes(in: .prefix("t:")) {
                try promise(event.revision >= last, "a change of revision \(event.revision) came after \(last)")
                last = event.revision
                count += 1
                if count == 1_000 || .now >= end { break }
            }
        }
    }

    private func checkAccounts(_ view: any StoreReader) async throws {
        var sum = 0
        for try await entry in view.entries(prefix: "account:") { sum += Workload.number(of: entry.value) ?? 0 }
        try promise(sum == Workload.accounts * Workload.balance, "the accounts hold \(sum): half a transaction")
    }

    /// - Parameter made: how many operations each task has made.
    func check(_ made: [Int: Int]) async throws {
        for (task, number) in made {
            var found: [Entry] = []
            for try await entry in store.entries(prefix: Bytes(Workload.prefix(task))) { found.append(entry) }
            var expected = ExpectedState(workload: workload, task: task)
            try expected.check(found, acknowledged: number, begun: number)
        }
    }
}

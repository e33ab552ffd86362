#if Command
import KVDS
import KVDSTesting

/// One store of the soak. Tasks of a ``Workload`` write to it, others read it, and at the end its contents are checked.
struct SoakWorkload {
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
    /// - Returns: the number of the last operation.
    func write(_ task: Int, until end: ContinuousClock.Instant) async throws -> Int {
        let task = WorkloadTask(workload: workload, task: task, store: store)
        var number = 0
        while .now < end {
            number += 1
            _ = try await task.perform(number)
        }
        return number
    }

    /// Scans and takes snapshots until `end`. The sum of all accounts must be the same in each.
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

    /// Observes changes with one subscription after the other, until the task is cancelled.
    ///
    /// A time limit would not work: after the last write no event arrives, so a subscriber could not check the clock.
    func observe() async throws {
        do throws(StoreError) {
            while !Task.isCancelled { try await observeSome(1_000) }
        } catch {
            if error.code != .cancelled { throw error }
        }
    }

    private func observeSome(_ limit: Int) async throws(StoreError) {
        var changes = store.changes(in: .prefix("t:")).makeAsyncIterator()
        var last = Revision.zero
        for _ in 0..<limit {
            guard let event = try await changes.next() else { return }
            if event.revision < last {
                throw StoreError(.corrupt, "A change of revision \(event.revision) came after \(last).")
            }
            last = event.revision
        }
    }

    private func checkAccounts(_ view: any StoreReader) async throws {
        var sum = 0
        for try await entry in view.entries(prefix: "account:") { sum += Workload.number(of: entry.value) ?? 0 }
        try require(sum == Workload.accounts * Workload.balance, "the accounts hold \(sum): half a transaction")
    }

    /// - Parameter made: the number of operations that each task has made.
    func check(_ made: [Int: Int]) async throws {
        for (task, number) in made {
            var found: [Entry] = []
            for try await entry in store.entries(prefix: Bytes(Workload.prefix(task))) { found.append(entry) }
            var expected = ExpectedState(workload: workload, task: task)
            try expected.check(found, acknowledged: number, begun: number)
        }
    }
}
#endif

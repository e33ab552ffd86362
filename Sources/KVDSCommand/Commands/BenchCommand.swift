#if Command
import ArgumentParser
import KVDS
import KVDSFormats

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the speed of set, get and scan on this machine.",
        discussion: """
            Writes entries under a prefix of their own and removes them at the end. Each set is a separate durable \
            commit, so more tasks mean more sets per second.

              kvds bench --store lmdb:/tmp/bench --count 20000 --tasks 64
            """)

    @OptionGroup var options: StoreOptions
    @Option(parsing: .unconditional, help: "The number of entries.") var count = 10_000
    @Option(parsing: .unconditional, help: "The number of concurrent tasks.") var tasks = 16
    @Option(parsing: .unconditional, help: "The number of bytes in a value.") var valueSize = 100

    func validate() throws {
        if count < 1 { throw ValidationError("--count must be 1 or more, not \(count).") }
        if tasks < 1 || tasks > 100_000 { throw ValidationError("--tasks must be 1 to 100000, not \(tasks).") }
        if valueSize < 0 || valueSize > 1 << 30 {
            throw ValidationError("--value-size must be 0 to \(1 << 30), not \(valueSize).")
        }
    }

    func run() async throws {
        try await Interruption.cancelling { [self] in try await measure() }
    }

    private func measure() async throws {
        let output = ByteWriter()
        try output.write(line: row("operation", "count", "seconds", "per second"))
        try await options.withStore(.creating) { store in
            let run = BenchRun(store: store, count: count, tasks: min(tasks, count), valueSize: valueSize)
            let results: [BenchRun.Result]
            do {
                results = try await run.measure()
            } catch {
                // In a task of its own, because this one may have been cancelled.
                _ = await Task { try await run.removeEntries() }.result
                throw error
            }
            try await run.removeEntries()
            for result in results {
                try output.write(
                    line: row(
                        result.name, String(result.count), result.time.seconds, String(result.time.rate(result.count))))
            }
        }
        try output.flush()
    }

    private func row(_ name: String, _ columns: String...) -> String {
        name + String(repeating: " ", count: max(0, 10 - name.count))
            + columns.map { String(repeating: " ", count: max(0, 12 - $0.count)) + $0 }.joined()
    }
}

/// One measurement, under a prefix of its own.
private struct BenchRun: Sendable {
    struct Result {
        var name: String
        var count: Int
        var time: Duration
    }

    let store: any KeyValueStore
    let count: Int
    let tasks: Int
    let value: Bytes
    let prefix = "kvds-bench:\(String(UInt64.random(in: 0 ... .max), radix: 36)):"

    init(store: any KeyValueStore, count: Int, tasks: Int, valueSize: Int) {
        self.store = store
        self.count = count
        self.tasks = tasks
        value = Bytes((0..<valueSize).lazy.map { _ in UInt8.random(in: 0 ... .max) })
    }

    func measure() async throws -> [Result] {
        let sets = try await timed("set") { key in _ = try await store.set(key, to: value) }
        let gets = try await timed("get") { key in
            if try await store.get(key) == nil {
                throw StoreError(.corrupt, "A key that was just set has no value.", key: key)
            }
        }
        let start = ContinuousClock.now
        var scanned = 0
        for try await page in store.entries(prefix: Bytes(prefix)).pages {
            for entry in page { scanned += entry.value.count == value.count ? 1 : 0 }
        }
        return [sets, gets, Result(name: "scan", count: scanned, time: ContinuousClock.now - start)]
    }

    func removeEntries() async throws { _ = try await store.delete(in: .prefix(Bytes(prefix))) }

    /// Calls `operation` with each key, from many tasks.
    private func timed(_ name: String, _ operation: @escaping @Sendable (Bytes) async throws -> Void) async throws
        -> Result
    {
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    for index in stride(from: task, to: count, by: tasks) {
                        try Task.checkCancellation()
                        try await operation(Bytes("\(prefix)\(index)"))
                    }
                }
            }
            try await group.waitForAll()
        }
        return Result(name: name, count: count, time: ContinuousClock.now - start)
    }
}
#endif

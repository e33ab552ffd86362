#if Command
import KVDS
import KVDSTesting

/// Records what many tasks do to the registers of a store that fails, is closed and is opened again, so that each
/// register can be checked for linearizability.
struct RegisterHistory {
    static let tasks = 16

    let backend: TortureBackend
    let path: String
    let seed: UInt64
    let operations: Int
    let bug: PlantedBug?

    /// Runs the tasks on all threads.
    func record() async throws -> RegisterClient.Record {
        let source = FaultyStore(backend, path, isInline: false, bug: bug)
        let clock = EventClock()
        let record = try await withThrowingTaskGroup(of: RegisterClient.Record.self) { group in
            for number in 0..<Self.tasks {
                group.addTask {
                    var task = RegisterClient(
                        task: number, of: Self.tasks, seed: seed, source: source, clock: clock, leavesReopening: false)
                    try await task.run(until: operations / Self.tasks)
                    return task.record
                }
            }
            return try await group.reduce(into: RegisterClient.Record()) { $0.add($1) }
        }
        try await source.close()
        return record
    }

    /// Runs the tasks on one thread, in an order derived from the seed. The store is closed only when all tasks have
    /// stopped.
    func recordSeeded() async throws -> RegisterClient.Record {
        let source = FaultyStore(backend, path, isInline: true, bug: bug)
        let clock = EventClock()
        var all = RegisterClient.Record()
        var tasks = (0..<Self.tasks).map {
            RegisterClient(task: $0, of: Self.tasks, seed: seed, source: source, clock: clock, leavesReopening: true)
        }
        var random = SplitMix64(seed: seed)
        let goal = operations / Self.tasks
        while tasks.contains(where: { $0.record.made < goal }) {
            let end = min(goal, (tasks.map(\.record.made).min() ?? 0) + 20 + random.below(200))
            let begun = tasks
            tasks = try await SeededExecutor.run(seed: random.next()) {
                _ = try await source.opened()
                return try await withThrowingTaskGroup(of: RegisterClient.self) { group in
                    for task in begun {
                        group.addTask {
                            var task = task
                            task.forget()
                            try await task.run(until: end)
                            return task
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.task < $1.task }
                }
            }
            for task in tasks { all.add(task.record, isPart: true) }
            try await source.close()
        }
        all.made = tasks.reduce(0) { $0 + $1.record.made }
        return all
    }
}

extension RegisterClient.Record {
    /// - Parameter isPart: whether `other.made` includes operations of earlier parts.
    mutating func add(_ other: Self, isPart: Bool = false) {
        operations += other.operations
        if !isPart { made += other.made }
        unknown += other.unknown
        failed += other.failed
        faults += other.faults
    }

    /// A hash that differs if the histories differ.
    var fingerprint: UInt64 {
        operations.reduce(14_695_981_039_346_656_037) { hash, operation in
            "\(operation.key) \(operation.kind) \(operation.begin) \(operation.end)".utf8.reduce(hash) {
                ($0 ^ UInt64($1)) &* 1_099_511_628_211
            }
        }
    }
}
#endif

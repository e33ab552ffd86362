#if Command
import ArgumentParser
import KVDS
import KVDSTesting

struct SoakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "Do everything at once for as long as asked, and see that memory and descriptors stay flat.",
        discussion: """
            On one distributor and every backend: tasks that write, scan, take snapshots and observe; tasks that open and \
            release hundreds of stores; and beside them processes that are killed. At the end every store holds what it \
            must. It is measured in --minutes, by default 1; --rounds does not count.

              kvds-torture soak --minutes 60
            """)

    private enum Outcome: Sendable {
        case wrote(store: Int, task: Int, last: Int)
        case done(count: Int)
    }

    @OptionGroup var options: TortureOptions
    @Option(help: "leaked-descriptor or leaked-bytes.") var broken: Leak?

    func validate() throws {
        if let broken, broken != .descriptor, broken != .bytes {
            throw ValidationError("A soak is not what shows \(broken.rawValue).")
        }
    }

    func run() async throws {
        let backends = try options.backends(of: TortureBackend.allCases)
        let names = backends.map(\.rawValue).joined(separator: ",")
        try await options.run("soak", ["backend": names], rounds: 1, broken: broken?.rawValue) { run in
            let end = ContinuousClock.now + .seconds((options.minutes ?? 1) * 60)
            let distributor = DistributorActor(
                directory: "\(run.directory)/stores",
                configuration: DistributorActor.Configuration(store: StoreConfiguration(durability: .buffered)))
            let killed = try killsBeside(run.directory, backends)
            try await soak(backends, distributor, until: end, &run)
            await distributor.shutdown()
            for child in killed {
                while case .bytes = child.nextOutput(within: .seconds(120)) {}
                let (wasKilled, code) = child.wait()
                try require(!wasKilled && code == 0, "the kills that ran beside found a fault: run them alone")
            }
        }
    }

    /// Starts processes that run kills for as long as the soak.
    private func killsBeside(_ directory: String, _ backends: [TortureBackend]) throws -> [ChildProcess] {
        guard broken == nil else { return [] }
        return try TortureBackend.disks.filter(backends.contains).map { backend in
            try ChildProcess(arguments: [
                "kills", "--backend", backend.rawValue, "--durability", "buffered", "--processes", "1", "--minutes",
                "\(options.minutes ?? 1)", "--directory", directory,
            ])
        }
    }

    private func soak(
        _ backends: [TortureBackend], _ distributor: DistributorActor, until end: ContinuousClock.Instant,
        _ run: inout Run
    ) async throws {
        var stores: [SoakWorkload] = []
        for backend in backends {
            let store = try await distributor.store("soaked", on: backend.configured(growsFiles: true))
            stores.append(try await SoakWorkload(store, seed: run.random.next()))
        }
        let seed = run.random.next()
        let all = stores
        let measuring = Task { try await measure(until: end) }
        let observing = all.map { store in Task { try await store.observe() } }
        defer { for observer in observing { observer.cancel() } }
        let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
            for (index, store) in all.enumerated() {
                for task in 0..<SoakWorkload.writers {
                    group.addTask { .wrote(store: index, task: task, last: try await store.write(task, until: end)) }
                }
                group.addTask {
                    try await store.read(until: end)
                    return .done(count: 0)
                }
                let backend = backends[index].configured(growsFiles: true)
                group.addTask {
                    var task = LifetimeTask(distributor, backend, leak: nil, seed: seed &+ UInt64(index))
                    while .now < end { try await task.run(steps: 10) }
                    task.finish()
                    return .done(count: task.uses)
                }
            }
            return try await group.reduce(into: [Outcome]()) { $0.append($1) }
        }
        // No more events will follow, so a subscriber would wait forever.
        for observer in observing { observer.cancel() }
        for observer in observing { try await observer.value }
        let flatness = try await measuring.value
        try await check(outcomes, stores, &run)
        run.note("samples", flatness.count)
        flatness.note(in: &run)
        try flatness.check()
    }

    private func check(_ outcomes: [Outcome], _ stores: [SoakWorkload], _ run: inout Run) async throws {
        var made = Array(repeating: [Int: Int](), count: stores.count)
        for outcome in outcomes {
            switch outcome {
            case .wrote(let store, let task, let last):
                made[store][task] = last
                run.count("operations", last)
            case .done(let count): run.count("requests", count)
            }
        }
        for (store, made) in zip(stores, made) { try await store.check(made) }
    }

    /// Takes 300 samples, but at most one every 100 milliseconds.
    private func measure(until end: ContinuousClock.Instant) async throws -> TrendCheck {
        var flatness = TrendCheck(isShort: (options.minutes ?? 1) < 3)
        let pause = max(.milliseconds(100), (end - .now) / 300)
        while .now < end {
            broken?.leakAlone(16 << 20)
            let state = ProcessState.now
            flatness.add(state)
            if flatness.count % 30 == 0 {
                print(
                    "\(flatness.count): \(state.residentBytes) bytes resident, \(state.allocatedBytes) allocated, \(state.descriptors) descriptors, \(state.threads) threads"
                )
            }
            try await Task.sleep(for: pause)
        }
        return flatness
    }
}
#endif

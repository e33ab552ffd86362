#if Command
import ArgumentParser
import KVDS
import KVDSTesting

struct LifetimesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lifetimes",
        abstract: "Open, use, release and close hundreds of stores at once, and count what is left.",
        discussion: """
            16 tasks ask a distributor for 300 ids, use the stores, and release handles, scans, snapshots and subscriptions \
            in every way there is. When they are done no store is open, and after the shutdown the process holds as many \
            descriptors, threads and bytes as after the rounds it warmed up with, and an LMDB store as many readers.
            """)

    static let tasks = 16
    static let warmingRounds = 2

    @OptionGroup var options: TortureOptions
    @Option(help: "How many requests a round makes.") var requests = 2_000
    @Option(help: "leaked-handle, leaked-descriptor, leaked-bytes or leaked-snapshot.") var broken: Leak?

    func run() async throws {
        for backend in try options.backends(of: TortureBackend.allCases) {
            try await options.run("lifetimes", ["backend": backend.rawValue], rounds: 10, broken: broken?.rawValue) {
                run in
                var count = LifetimeCount()
                for round in 0..<Self.warmingRounds { try await storm(backend, &run, "warming-\(round)", leak: nil) }
                try await count.begin()
                while let round = run.nextRound() {
                    try await storm(backend, &run, "\(round)", leak: broken)
                    try await count.check()
                }
                count.note(in: &run)
            }
        }
    }

    private func storm(_ backend: TortureBackend, _ run: inout Run, _ name: String, leak: Leak?) async throws {
        let distributor = DistributorActor(
            directory: "\(run.directory)/\(name)",
            configuration: DistributorActor.Configuration(store: StoreConfiguration(durability: .buffered)))
        let seed = run.random.next()
        let stores = backend.configured(growsFiles: true)
        if backend == .lmdb { try await ReaderStorm.run(distributor, seed: seed, leak: leak) }
        let uses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<Self.tasks {
                group.addTask {
                    var task = LifetimeTask(distributor, stores, leak: leak, seed: seed &+ UInt64(number))
                    try await task.run(steps: requests / Self.tasks)
                    task.finish()
                    return task.uses
                }
            }
            return try await group.reduce(0, +)
        }
        let open = await distributor.openStores
        try require(open.isEmpty, "\(open.count) stores are open without a handle, among them \(open[0].id)")
        await distributor.shutdown()
        if leak == nil { run.count("requests", uses) }
    }
}
#endif

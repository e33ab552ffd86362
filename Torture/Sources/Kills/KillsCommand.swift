#if Command
import ArgumentParser

struct KillsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kills",
        abstract: "Kill processes that write, and check what they leave.",
        discussion: """
            A child writes from many tasks and acknowledges each commit. It is killed with SIGKILL at a random time, right \
            after an acknowledgement, while it opens or closes the store, or while its files grow. Then the store must open, \
            hold what was acknowledged and no half of a batch, and its revision must count the commits. The next child \
            continues with the files.

              kvds-torture kills --backend lmdb --durability durable --rounds 1000
              kvds-torture kills --backend lmdb --processes 3
            """)

    @OptionGroup var options: TortureOptions
    @Option(help: "durable or buffered; without it, both.") var durability: TortureDurability?
    @Option(help: "How many processes share an LMDB store; without it, one, and then three.") var processes: Int?
    @Option(help: "early-acknowledgement, half-batch or old-revision.") var broken: PlantedBug?

    func validate() throws {
        if let processes, !(1...KillRounds.tasks ~= processes) {
            throw ValidationError("--processes is 1 to \(KillRounds.tasks), not \(processes).")
        }
        try broken.require(.earlyAcknowledgement, .halfBatch, .oldRevision)
    }

    func run() async throws {
        for backend in try options.backends(of: TortureBackend.disks) {
            let crowds = processes.map { [$0] } ?? (backend == .lmdb && broken == nil ? [1, 3] : [1])
            for durability in durability.map({ [$0] }) ?? TortureDurability.allCases {
                for processes in crowds { try await run(backend, durability, processes) }
            }
        }
    }

    private func run(_ backend: TortureBackend, _ durability: TortureDurability, _ processes: Int) async throws {
        let facts: KeyValuePairs = [
            "backend": backend.rawValue, "durability": durability.rawValue, "processes": "\(processes)",
        ]
        try await options.run("kills", facts, rounds: 100, broken: broken?.rawValue) { run in
            var rounds = KillRounds(
                backend: backend, durability: durability, processes: processes, bug: broken)
            try await rounds.run(&run)
        }
    }
}
#endif

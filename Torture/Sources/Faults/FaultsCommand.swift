#if Command
import ArgumentParser
import Foundation
import KVDS

struct FaultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults", abstract: "Make each system call of a small workload fail, in every way it can.",
        discussion: """
            Without --rounds or --minutes every call fails in every way; with them, a random choice does.

            --broken swallowed-error reports failed commits as good ones, --broken half-batch commits batches in halves.
            """)

    @OptionGroup var options: TortureOptions
    @Option(help: "durable or buffered; without it, both.") var durability: TortureDurability?
    @Option(help: "Break the store on purpose: swallowed-error or half-batch.") var broken: PlantedBug?
    @Flag(help: "Continue after a broken promise, and report all of them.") var findAll = false

    func validate() throws { try broken.require(.swallowedError, .halfBatch) }

    func run() async throws {
        guard FaultyIO.isAvailable else { return print("faults: system calls are only seen on Linux.") }
        for backend in try options.backends(of: TortureBackend.disks) {
            for durability in durability.map({ [$0] }) ?? TortureDurability.allCases {
                let facts: KeyValuePairs = ["backend": backend.rawValue, "durability": durability.rawValue]
                try await options.run("faults", facts, rounds: .max, broken: broken?.rawValue) { run in
                    try await FaultSweep(
                        backend: backend, durability: durability, bug: broken, findsAll: findAll
                    ).go(&run)
                }
            }
        }
    }
}
#endif

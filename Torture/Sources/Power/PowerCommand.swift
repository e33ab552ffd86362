#if Command
import ArgumentParser
import Foundation
import KVDS
import KVDSTesting

struct PowerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "power", abstract: "Open what losses of power could leave of recorded runs.",
        discussion: """
            A round is an image. Each recorded run gives \(imagesOfARun).

            --broken early-acknowledgement makes every sync a lie, --broken half-batch commits batches in halves.
            """)
    static let imagesOfARun = 50

    @OptionGroup var options: TortureOptions
    @Option(help: "durable or buffered; without it, both.") var durability: TortureDurability?
    @Option(help: "Break the store on purpose: early-acknowledgement or half-batch.") var broken: PlantedBug?

    func validate() throws { try broken.require(.earlyAcknowledgement, .halfBatch) }

    func run() async throws {
        guard FaultyIO.isAvailable else { return print("power: system calls are only seen on Linux.") }
        for backend in try options.backends(of: TortureBackend.disks) {
            for durability in durability.map({ [$0] }) ?? TortureDurability.allCases {
                // Where half a batch could be visible, LMDB guarantees nothing, so the bug cannot be detected.
                if broken == .halfBatch, backend == .lmdb, durability == .buffered { continue }
                let facts: KeyValuePairs = ["backend": backend.rawValue, "durability": durability.rawValue]
                try await options.run("power", facts, rounds: 1_000, broken: broken?.rawValue) { run in
                    try await PowerSweep(backend: backend, durability: durability, bug: broken).go(&run)
                }
            }
        }
    }
}
#endif

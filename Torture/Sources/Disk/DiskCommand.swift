#if Command
import ArgumentParser
import Foundation
import KVDS

struct DiskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disk", abstract: "Fill a disk, and give it room again.",
        discussion: """
            Without --medium on each kind of disk that can be had: ext4 and tmpfs are mounted, for which it takes the \
            superuser; injected is a directory whose files may only grow so far.

            --broken swallowed-error reports failed commits as good ones.
            """)

    @OptionGroup var options: TortureOptions
    @Option(help: "durable or buffered; without it, both.") var durability: TortureDurability?
    @Option(help: "ext4, tmpfs or injected.") var medium: SmallDisk.Kind?
    @Option(help: "Break the store on purpose: swallowed-error.") var broken: PlantedBug?

    func validate() throws { try broken.require(.swallowedError) }

    func run() async throws {
        for backend in try options.backends(of: TortureBackend.disks) {
            for durability in durability.map({ [$0] }) ?? TortureDurability.allCases {
                for medium in medium.map({ [$0] }) ?? SmallDisk.Kind.allCases {
                    try await run(backend, durability, medium)
                }
            }
        }
    }

    private func run(
        _ backend: TortureBackend, _ durability: TortureDurability, _ medium: SmallDisk.Kind
    ) async throws {
        if medium == .injected, !FaultyIO.isAvailable { return }
        let facts: KeyValuePairs = [
            "backend": backend.rawValue, "durability": durability.rawValue, "medium": medium.rawValue,
        ]
        try await options.run("disk", facts, rounds: 1, broken: broken?.rawValue) { run in
            while let round = run.nextRound() {
                let directory = "\(run.directory)/\(round)"
                guard let disk = try SmallDisk(medium, in: directory) else {
                    run.note("available", 0)
                    if broken != nil { throw BrokenPromise("This kind of disk cannot be had here.") }
                    return
                }
                defer { disk.remove() }
                let trial = DiskTrial(backend: backend, durability: durability, bug: broken, disk: disk)
                try await trial.go(&run)
            }
        }
    }
}

extension SmallDisk.Kind: ExpressibleByArgument {}
#endif

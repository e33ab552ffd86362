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
    @Flag(help: "Go on after a broken promise, and name them all.") var findAll = false

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

/// Tries what it is told on standard input: faults, one a line, behind the numbers of their cases.
struct FaultsChildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "faults-child", shouldDisplay: false)

    @Option var backend: TortureBackend
    @Option var durability: TortureDurability
    @Option var broken: PlantedBug?
    @Option var directory: String

    func run() async throws {
        var isWarm = false
        while let line = readLine() {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let fault = Fault(words[1]) else { return }
            let trial = trial(String(words[0]))
            do {
                // What a process opens once and for good must not look like a leak of the first fault.
                if !fault.kind.kills, !isWarm { _ = try await self.trial("warm-\(getpid())").countCalls() }
                isWarm = true
                if fault.kind.kills {
                    try await trial.die(fault) { Output.say($0) }
                    Output.say("ok -")
                } else {
                    Output.say("ok \(try await trial.run(fault) ?? "-")")
                }
            } catch {
                Output.say("broken \("\(error)".split(whereSeparator: \.isNewline).joined(separator: " "))")
            }
        }
    }

    private func trial(_ name: String) -> FaultTrial {
        FaultTrial(backend: backend, durability: durability, bug: broken, path: "\(directory)/\(name)")
    }
}

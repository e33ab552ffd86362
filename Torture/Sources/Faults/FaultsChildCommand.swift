#if Command
import ArgumentParser
import Foundation
import KVDS

/// Tries the faults it reads from standard input. Each line holds the number of a case and a fault.
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
                // Resources that a process opens only once must not look like a leak of the first fault.
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
#endif

#if Command
import ArgumentParser
import KVDS
import KVDSTesting

struct HistoriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "histories",
        abstract: "Check what many tasks see of a store that fails.",
        discussion: """
            Of three rounds, one has 16 tasks on all threads read, set, delete and swap registers, while calls of the engine \
            fail, commits end in the unknown, and the store is closed and opened again: each register must be linearizable. \
            One does the same on one thread, in an order that follows from the seed: it happens in the same way each time, as \
            the figure history shows. One runs transactions, which must be strictly serializable.
            """)

    enum Part: String, CaseIterable, ExpressibleByArgument {
        case threads
        case seeded
        case transactions
    }

    @OptionGroup var options: TortureOptions
    @Option(help: "How many operations a round makes.") var operations = 50_000
    @Option(help: "threads, seeded or transactions; without it, each in turn.") var part: Part?
    @Option(help: "stale-read, early-acknowledgement or lost-condition.") var broken: PlantedBug?

    func validate() throws {
        if operations < 100 { throw ValidationError("--operations is 100 or more, not \(operations).") }
        try broken.require(.staleRead, .earlyAcknowledgement, .lostCondition)
    }

    func run() async throws {
        for backend in try options.backends(of: TortureBackend.allCases) {
            try await options.run(
                "histories", ["backend": backend.rawValue], rounds: broken == nil ? 20 : 2, broken: broken?.rawValue
            ) { run in
                while let round = run.nextRound() {
                    let parts: [Part] = broken == nil ? Part.allCases : [.threads, .seeded]
                    do {
                        try await play(part ?? parts[round % parts.count], backend, round, &run)
                    } catch let error as BrokenPromise {
                        throw BrokenPromise("round \(round): \(error)")
                    }
                }
            }
        }
    }

    private func play(_ part: Part, _ backend: TortureBackend, _ round: Int, _ run: inout Run) async throws {
        let path = "\(run.directory)/\(round)"
        let seed = run.random.next()
        if part == .transactions {
            let store = try await backend.open(path, durability: .buffered)
            do {
                try await HistoryCheck(seed: seed, operations: operations).run(on: store)
            } catch {
                throw BrokenPromise("\(error)")
            }
            try await store.close()
            run.count("operations", operations)
            return
        }
        let history = RegisterHistory(
            backend: backend, path: path, seed: seed, operations: operations, bug: broken)
        let record = try await part == .seeded ? history.recordSeeded() : history.record()
        run.count("operations", record.operations.count)
        run.count("failed", record.failed)
        run.count("unknown-outcomes", record.unknown)
        run.count("faults", record.faults)
        if part == .seeded {
            run.note("history", String(record.fingerprint, radix: 16))
        }
        if let violation = LinearizabilityChecker.violation(in: record.operations) { throw BrokenPromise(violation) }
    }
}
#endif

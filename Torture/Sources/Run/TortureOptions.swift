#if Command
import ArgumentParser

/// The options of all subcommands.
struct TortureOptions: ParsableArguments {
    @Option(help: "memory, lmdb or rocksdb; without it, each that the kind is for.") var backend: TortureBackend?
    @Option(help: "What every random choice follows from.") var seed: UInt64?
    @Option(help: "How many rounds for each backend.") var rounds: Int?
    @Option(help: "How many minutes for each backend, instead of rounds.") var minutes: Double?
    @Option(help: "Where the stores are; without it, a fresh temporary directory.") var directory: String?

    func validate() throws {
        if let rounds, rounds < 1 { throw ValidationError("--rounds is 1 or more, not \(rounds).") }
        if let minutes, !(minutes > 0) { throw ValidationError("--minutes is more than 0, not \(minutes).") }
        if rounds != nil, minutes != nil { throw ValidationError("Give --rounds or --minutes, not both.") }
    }

    /// Returns the backends to test.
    ///
    /// - Parameter known: the backends that the subcommand supports.
    func backends(of known: [TortureBackend]) throws -> [TortureBackend] {
        guard let backend else { return known }
        guard known.contains(backend) else {
            throw ValidationError("This kind is for \(known.map(\.rawValue).joined(separator: " and ")).")
        }
        return [backend]
    }
}
#endif

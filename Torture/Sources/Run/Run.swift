#if Command
import KVDSTesting

/// One run of a subcommand: its seed and directory, how long it lasts, and its figures.
struct Run {
    /// The seed of all random choices.
    let seed: UInt64
    /// A directory for this run, empty at the beginning.
    let directory: String
    /// The figures, in the order in which they were added.
    private(set) var figures: [(name: String, value: String)] = []
    /// Random numbers derived from the seed.
    var random: SplitMix64

    private let length: Length
    private var round = 0

    private enum Length {
        case rounds(Int)
        case until(ContinuousClock.Instant)
    }

    /// - Parameter rounds: the number of rounds if the options give neither rounds nor minutes.
    init(_ options: TortureOptions, seed: UInt64, directory: String, rounds: Int) {
        self.seed = seed
        self.directory = directory
        random = SplitMix64(seed: seed)
        length = options.minutes.map { .until(.now + .seconds($0 * 60)) } ?? .rounds(options.rounds ?? rounds)
    }

    /// Begins the next round.
    ///
    /// - Returns: its number, counted from 0, or nil if the run is over.
    mutating func nextRound() -> Int? {
        switch length {
        case .rounds(let count) where round >= count: return nil
        case .until(let end) where round > 0 && .now >= end: return nil
        default: break
        }
        defer {
            round += 1
            note("rounds", round)
        }
        return round
    }

    /// The planned number of rounds, or nil if the run is limited by time.
    var plannedRounds: Int? { if case .rounds(let count) = length { count } else { nil } }

    /// Sets a figure of the final line.
    mutating func note(_ name: String, _ value: some CustomStringConvertible) {
        if let index = figures.firstIndex(where: { $0.name == name }) {
            figures[index].value = value.description
        } else {
            figures.append((name, value.description))
        }
    }

    /// Adds to a figure that is a count.
    mutating func count(_ name: String, _ more: Int = 1) {
        note(name, (figure(name) ?? 0) + more)
    }

    /// Returns a figure that is a count.
    func figure(_ name: String) -> Int? { figures.first { $0.name == name }.flatMap { Int($0.value) } }
}
#endif

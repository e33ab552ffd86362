import KVDSTesting

/// One run of one kind: what it goes by, how long it lasts, and what it counts.
struct Run {
    /// What every random choice follows from.
    let seed: UInt64
    /// A directory of its own, empty at the beginning.
    let directory: String
    /// The figures, in the order in which they were first named.
    private(set) var figures: [(name: String, value: String)] = []
    /// Random numbers that follow from the seed.
    var random: SplitMix64

    private let length: Length
    private var round = 0

    private enum Length {
        case rounds(Int)
        case until(ContinuousClock.Instant)
    }

    /// - Parameter rounds: how many rounds when the options do not say how long.
    init(_ options: TortureOptions, seed: UInt64, directory: String, rounds: Int) {
        self.seed = seed
        self.directory = directory
        random = SplitMix64(seed: seed)
        length = options.minutes.map { .until(.now + .seconds($0 * 60)) } ?? .rounds(options.rounds ?? rounds)
    }

    /// Begins the next round.
    ///
    /// - Returns: its number, from 0; nil when there have been enough.
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

    /// How many rounds there will be; nil when time says.
    var plannedRounds: Int? { if case .rounds(let count) = length { count } else { nil } }

    /// Sets a figure of the closing line.
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

    /// A figure that is a count.
    func figure(_ name: String) -> Int? { figures.first { $0.name == name }.flatMap { Int($0.value) } }
}

/// Runs the two sides in turn and compares them round by round: what disturbs the machine disturbs both.
struct Stopwatch {
    let rounds: Int

    func measure(_ comparison: Comparison) async throws -> Measured {
        var ours: [Double] = []
        var peers: [Double] = []
        for round in 0...rounds {
            let (mine, myFind) = try await time(comparison.ours)
            let (theirs, theirFind) = try await time(comparison.peer)
            if comparison.findsTheSame, myFind != theirFind {
                throw Disagreement(name: comparison.name, ours: myFind, peer: theirFind)
            }
            // The first round warms up.
            if round == 0 { continue }
            ours.append(mine)
            peers.append(theirs)
        }
        let isSpeed = if case .speedAtLeast = comparison.mark { true } else { false }
        let ratios = zip(ours, peers).map { isSpeed ? $1 / $0 : $0 / $1 }.sorted()
        return comparison.judged(
            ratios,
            ours: Measured.Figure(name: comparison.ours.name, nanosecondsPerOperation: ours.median),
            peer: Measured.Figure(name: comparison.peer.name, nanosecondsPerOperation: peers.median))
    }

    /// - Returns: the nanoseconds one operation takes, and what was found.
    private func time(_ side: Comparison.Side) async throws -> (Double, Found) {
        try await side.prepare()
        let start = ContinuousClock.now
        let found = try await side.run()
        let duration = ContinuousClock.now - start
        return (duration / .nanoseconds(1) / Double(side.operations), found)
    }
}

extension Comparison {
    /// The comparison with its ratios, sorted, held against the mark.
    func judged(_ ratios: [Double], ours: Measured.Figure, peer: Measured.Figure) -> Measured {
        let median = ratios[ratios.count / 2]
        let (text, isMet): (String?, Bool?) =
            switch mark {
            case .timeAtMost(let most): ("≤\(most)", median <= most)
            case .speedAtLeast(let least): ("≥\(least)", median >= least)
            case .none: (nil, nil)
            }
        return Measured(name: name, title: title, ratios: ratios, mark: text, isMet: isMet, ours: ours, peer: peer)
    }
}

/// The two sides did not find the same: one of them is wrong, and the times mean nothing.
struct Disagreement: Error, CustomStringConvertible {
    let name: String
    let ours: Found
    let peer: Found

    var description: String { "\(name): we found \(ours), the peer \(peer)." }
}

extension [Double] {
    var median: Double { sorted()[count / 2] }
}

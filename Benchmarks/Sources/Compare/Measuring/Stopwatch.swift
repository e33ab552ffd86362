/// Runs the two sides in turn and compares them round by round, so that a disturbance of the machine affects both.
struct Stopwatch {
    let rounds: Int

    func measure(_ comparison: Comparison) async throws -> Measured {
        var ours: [Double] = []
        var peers: [Double] = []
        for round in 0...rounds {
            let (mine, myFind) = try await Stopwatch.time(comparison.ours)
            let (theirs, theirFind) = try await Stopwatch.time(comparison.peer)
            if comparison.findsTheSame, myFind != theirFind {
                throw Disagreement(name: comparison.name, ours: myFind, peer: theirFind)
            }
            // The first round is a warm-up.
            if round == 0 { continue }
            ours.append(mine)
            peers.append(theirs)
        }
        let isSpeed = if case .speedAtLeast = comparison.mark { true } else { false }
        return Measured(
            name: comparison.name, title: comparison.title,
            rounds: zip(ours, peers).map { isSpeed ? $1 / $0 : $0 / $1 }, mark: comparison.mark.bound,
            ours: Measured.Figure(name: comparison.ours.name, value: ours.median, unit: "ns"),
            peer: Measured.Figure(name: comparison.peer.name, value: peers.median, unit: "ns"),
            note: try await comparison.note?())
    }

    func measure(_ gauge: Gauge) async throws -> Measured {
        try await gauge.prepare()
        var samples: [Gauge.Sample] = []
        for round in 0...min(rounds, gauge.maximumRounds) {
            let sample = try await gauge.measure()
            if round > 0 { samples.append(sample) }
        }
        return Measured(
            name: gauge.name, title: gauge.title, unit: gauge.unit, rounds: samples.map(\.value), mark: gauge.mark,
            ours: Measured.Figure(name: gauge.ours, value: samples.map(\.ours).median, unit: gauge.figureUnit),
            peer: Measured.Figure(name: gauge.peer, value: samples.map(\.peer).median, unit: gauge.figureUnit),
            note: samples.last?.note)
    }

    /// - Returns: the nanoseconds of one operation, and the checksum of the results.
    static func time(_ side: Comparison.Side) async throws -> (Double, Checksum) {
        try await side.prepare()
        let start = ContinuousClock.now
        let found = try await side.run()
        let duration = ContinuousClock.now - start
        let left = try await side.check?()
        return (duration / .nanoseconds(1) / Double(side.operations), left ?? found)
    }
}

/// The two sides returned different results, so one of them is wrong and the times are meaningless.
struct Disagreement: Error, CustomStringConvertible {
    let name: String
    let ours: Checksum
    let peer: Checksum

    var description: String { "\(name): we found \(ours), the peer \(peer)." }
}

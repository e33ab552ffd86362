/// A loaded store that all cells of the table use one after the other.
struct YCSBFixture: Sendable {
    /// A period that is not measured.
    private static let warmUp = Duration.milliseconds(250)
    private static let duration = Duration.milliseconds(1_750)

    let target: any YCSBTarget
    let records: YCSBRecords
    let rows: Dataset
    let close: @Sendable () async throws -> Void

    init(
        target: any YCSBTarget, rows: Dataset, capacity: Int, close: @escaping @Sendable () async throws -> Void
    ) {
        self.target = target
        self.rows = rows
        self.close = close
        records = YCSBRecords(loaded: rows.count, capacity: capacity)
    }

    /// Runs one workload with `tasks` concurrent tasks.
    func run(_ workload: YCSBWorkload, tasks: Int, on name: String) async throws -> YCSBFigure {
        let client = YCSBClient(
            target: target, records: records, workload: workload, valueCount: rows.count,
            valueLength: rows.packed.rows.value_length, isAlone: tasks == 1,
            chooser: YCSBChooser(workload.popularity, records),
            random: SplitMix64(seed: 0))
        let start = ContinuousClock.now + YCSBFixture.warmUp
        let end = start + YCSBFixture.duration
        let timing = try await withThrowingTaskGroup(of: YCSBClient.Timing.self) { group in
            for task in 0..<tasks {
                var client = client
                client.random = SplitMix64(seed: UInt64(task) << 32)
                group.addTask { [client] in
                    var client = client
                    return try await client.run(from: start, to: end)
                }
            }
            return try await group.reduce(into: YCSBClient.Timing(end: start)) { $0.add($1) }
        }
        func microseconds(_ percentile: Double) -> Double {
            Double(timing.latencies.valueAtPercentile(percentile)) / 1_000
        }
        return YCSBFigure(
            backend: name, workload: workload.letter, tasks: tasks,
            operationsPerSecond: Double(timing.latencies.totalCount) / ((timing.end - start) / .seconds(1)),
            p50: microseconds(50), p99: microseconds(99), p999: microseconds(99.9))
    }
}

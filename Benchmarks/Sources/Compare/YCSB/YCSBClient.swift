import Histogram

/// One of the concurrent tasks that use a store, each with one operation at a time.
struct YCSBClient: Sendable {
    let target: any YCSBTarget
    let records: YCSBRecords
    let workload: YCSBWorkload
    let valueCount: Int
    let valueLength: Int
    let isAlone: Bool
    var chooser: YCSBChooser
    var random: SplitMix64

    /// The measurements of one or more clients.
    struct Timing: Sendable {
        /// Latencies in nanoseconds.
        var latencies = Histogram<UInt32>(highestTrackableValue: 10_000_000_000, numberOfSignificantValueDigits: .three)
        /// When the last operation ended.
        var end: ContinuousClock.Instant

        mutating func add(_ other: Timing) {
            latencies.add(other.latencies)
            end = max(end, other.end)
        }
    }

    /// Runs operations until `end`. Those that begin after `start` are measured, even if they end after `end`.
    ///
    /// Operations that do not wait yield the thread to other clients after every 16 of them. The yield is not measured.
    mutating func run(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) async throws -> Timing {
        var timing = Timing(end: start)
        timing.latencies.autoResize = true
        var count = 0
        while true {
            let operation = workload.operation(using: &random)
            guard let record = operation == .insert ? records.issue() : chooser.next(using: &random) else {
                return timing
            }
            let detail = Int.random(in: 0..<valueCount, using: &random)
            let before = ContinuousClock.now
            if before >= end { return timing }
            try await perform(operation, record, detail)
            let after = ContinuousClock.now
            if operation == .insert { records.acknowledge(record) }
            if before >= start {
                timing.latencies.record(UInt64((after - before) / .nanoseconds(1)))
                timing.end = after
            }
            count += 1
            if !isAlone, count % 16 == 0 { await Task.yield() }
        }
    }

    private func perform(_ operation: YCSBWorkload.Operation, _ record: Int, _ detail: Int) async throws {
        switch operation {
        case .read: try check(await target.read(record) == valueLength, record)
        case .update, .insert: try await target.write(record, value: detail)
        case .readModifyWrite: try await target.modify(record, value: detail)
        case .scan:
            let length = 1 + detail % 100
            try check(1...length ~= (await target.scan(from: record, length: length)), record)
        }
    }

    private func check(_ isRight: Bool, _ record: Int) throws {
        if !isRight { throw YCSBMismatch(workload: workload.letter, record: record) }
    }
}

/// A store did not return what it holds, so it is wrong and its speed is meaningless.
struct YCSBMismatch: Error, CustomStringConvertible {
    let workload: String
    let record: Int

    var description: String { "YCSB \(workload): record \(record) was not found as it was written." }
}

#if Command
/// Checks that memory and descriptors stay constant during the run.
///
/// The first third of the time is warm-up. The median of the last third may exceed that of the middle third by at most
/// 5 % and 8 MiB for memory, both allocated and resident, and by at most 8 for descriptors and for threads. A soak of
/// less than 3 minutes ends while caches fill and files are added, so its limits are 50 % and 16 MiB, or 25 % and 16.
struct TrendCheck {
    let isShort: Bool
    private var samples: [ProcessState] = []

    init(isShort: Bool) { self.isShort = isShort }

    mutating func add(_ sample: ProcessState) { samples.append(sample) }
    var count: Int { samples.count }

    func check() throws {
        for (name, value, allowance) in measures {
            let (before, after) = medians(value)
            try require(
                after <= before + allowance(before),
                "\(name): the median rose from \(before) to \(after) and is not flat")
        }
    }

    func note(in run: inout Run) {
        for (name, value, _) in measures {
            let (before, after) = medians(value)
            run.note(name, "\(before)-\(after)")
        }
    }

    private typealias Measure = (
        name: String, value: (ProcessState) -> Int, allowance: (Int) -> Int
    )

    private var measures: [Measure] {
        let memory = { (before: Int) in isShort ? before / 2 + (16 << 20) : before / 20 + (8 << 20) }
        let count = { (before: Int) in isShort ? before / 4 + 16 : 8 }
        return [
            ("allocated-bytes", { $0.allocatedBytes }, memory),
            ("resident-bytes", { $0.residentBytes }, memory),
            ("descriptors", { $0.descriptors }, count),
            ("threads", { $0.threads }, count),
        ]
    }

    private func medians(_ value: (ProcessState) -> Int) -> (before: Int, after: Int) {
        let rest = samples.dropFirst(samples.count / 3).map(value)
        return (median(rest.prefix(rest.count / 2)), median(rest.suffix(rest.count / 2)))
    }

    private func median(_ values: some Sequence<Int>) -> Int {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}
#endif

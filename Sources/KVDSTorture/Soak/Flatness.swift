/// Whether memory and descriptors stay as they are while the work goes on.
///
/// The rule: the first third of the time is for warming up. Of the rest, the median of the second half is not above that of
/// the first half by more than 5 % and 8 MiB for memory, and by more than 8 for descriptors and for threads.
struct Flatness {
    private var samples: [ProcessState] = []

    mutating func add(_ sample: ProcessState) { samples.append(sample) }
    var count: Int { samples.count }

    func check() throws {
        for (name, value, allowance) in Self.measures {
            let (before, after) = medians(value)
            try promise(
                after <= before + allowance(before),
                "\(name): the median rose from \(before) to \(after) and is not flat")
        }
    }

    func note(in run: inout Run) {
        for (name, value, _) in Self.measures {
            let (before, after) = medians(value)
            run.note(name, "\(before)-\(after)")
        }
    }

    private typealias Measure = (
        name: String, value: (ProcessState) -> Int, allowance: (Int) -> Int
    )

    private static var measures: [Measure] {
        [
            ("resident-bytes", { $0.residentBytes }, { $0 / 20 + (8 << 20) }),
            ("descriptors", { $0.descriptors }, { _ in 8 }),
            ("threads", { $0.threads }, { _ in 8 }),
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

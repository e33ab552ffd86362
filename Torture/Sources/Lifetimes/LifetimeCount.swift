#if Command
/// The resources of the process, compared with those after the warm-up.
struct LifetimeCount {
    /// The growth in allocated bytes that is allowed at the end of any round, for caches of the runtime and the
    /// libraries. It does not grow with the rounds.
    static let allowance = 512 << 10
    /// The allowed number of additional threads, for pools that start threads on demand. A store has its own thread, so
    /// a leaked store shows within a round.
    private static let threads = 6
    private static let patience = 500

    private var before = ProcessState.now
    private(set) var last = ProcessState.now

    mutating func begin() async throws {
        // The runtime opens a descriptor for its first timer, and the check below may need a timer.
        try await Task.sleep(for: .milliseconds(1))
        before = .now
    }

    mutating func check() async throws {
        // A thread may need some time to end.
        for _ in 0..<Self.patience {
            last = .now
            if last.threads <= before.threads + Self.threads, last.descriptors <= before.descriptors { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        try require(
            last.descriptors <= before.descriptors,
            "there were \(before.descriptors) descriptors, and are \(last.descriptors)")
        try require(
            last.threads <= before.threads + Self.threads,
            "there were \(before.threads) threads, and are \(last.threads)")
        try require(
            last.allocatedBytes <= before.allocatedBytes + Self.allowance,
            "there were \(before.allocatedBytes) bytes in use, and are \(last.allocatedBytes)")
    }

    func note(in run: inout Run) {
        run.note("descriptors", "\(before.descriptors)-\(last.descriptors)")
        run.note("threads", "\(before.threads)-\(last.threads)")
        run.note("allocated", "\(before.allocatedBytes)-\(last.allocatedBytes)")
    }
}
#endif

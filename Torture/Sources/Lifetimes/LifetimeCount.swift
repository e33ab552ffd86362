/// What the process holds, compared with what it held after it had warmed up.
struct LifetimeCount {
    /// How much the allocator may hold more, in bytes, at the end of any round: what the runtime and the libraries keep for
    /// later. It does not grow with the rounds.
    static let allowance = 512 << 10
    /// How many threads there may be more: those of pools that start them when there is work. A store has one of its own,
    /// so a leak shows in a round.
    private static let threads = 6
    private static let patience = 500

    private var before = ProcessState.now
    private(set) var last = ProcessState.now

    mutating func begin() async throws {
        // With its first timer the runtime opens a descriptor, and the check below may need one.
        try await Task.sleep(for: .milliseconds(1))
        before = .now
    }

    mutating func check() async throws {
        // A thread that was told to end ends in its own time.
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

import KVDS
import Synchronization

/// The checks that the demo makes once the tree is indexed. Each throws when it fails.
extension Demo {
    /// Streams all entries below `prefix`, in order. Every store must return the same number of them.
    static func streaming(prefix: String, _ stores: [StoreHandle], _ report: Report) async throws(StoreError) {
        var counts: [Int] = []
        var times: [String] = []
        for store in stores {
            let start = ContinuousClock.now
            var count = 0
            var last = Bytes()
            for try await entry in store.entries(prefix: Bytes(prefix)) {
                try require(last < entry.key, "a scan returned entries out of order")
                last = entry.key
                count += 1
            }
            counts.append(count)
            times.append("\((.now - start).milliseconds) ms")
        }
        try require(Set(counts).count == 1, "the stores hold different entries below \(prefix): \(counts)")
        report.line("streamed below \(prefix)", counts.map(String.init))
        report.line("", times)
    }

    /// 64 tasks increment a counter by compare-and-swap and race for claims. No increment may be lost, and each claim
    /// must have one winner.
    static func racing(_ stores: [StoreHandle], _ report: Report) async throws(StoreError) {
        let tasks = 64
        let rounds = 10
        var totals: [String] = []
        var winners: [String] = []
        for store in stores {
            try await store.set("demo/counter", to: "0")
            let won = try await inParallel(tasks) { task throws(StoreError) in
                for _ in 0..<rounds { try await increment("demo/counter", in: store) }
                var won = 0
                for claim in 0..<rounds
                where try await store.setIfAbsent(Bytes("demo/claim/\(claim)"), to: Bytes("\(task)")) {
                    won += 1
                }
                return won
            }
            let total = try await store.get("demo/counter").map { String($0) } ?? "none"
            try require(total == "\(tasks * rounds)", "an increment was lost: \(total) of \(tasks * rounds)")
            try require(won == rounds, "\(won) winners of \(rounds) claims")
            totals.append(total)
            winners.append("\(won)")
        }
        report.line("\(tasks) tasks × \(rounds) increments", totals)
        report.line("\(tasks) tasks race for \(rounds) claims", winners)
    }

    static func increment(_ key: Bytes, in store: StoreHandle) async throws(StoreError) {
        while true {
            let old = try await store.get(key)
            let number = old.flatMap { Int(String($0)) } ?? 0
            if try await store.compareAndSwap(key, expected: old, new: Bytes("\(number + 1)")) { return }
        }
    }

    /// Overwrites everything while a scan is in progress. The scan must return the old values and nothing else.
    static func overwriting(_ stores: [StoreHandle], _ report: Report, count: Int) async throws(StoreError) {
        var seen: [String] = []
        for store in stores {
            var shown = 0
            for try await entry in store.entries() {
                if shown == 0 { try await overwriteAll(in: store) }
                try require(entry.value != "overwritten", "a scan saw a write that was made after the scan began")
                shown += 1
            }
            try require(shown >= count, "a scan lost entries")
            seen.append("\(shown) old")
        }
        report.line("scan while all is overwritten", seen)
    }

    static func overwriteAll(in store: StoreHandle) async throws(StoreError) {
        for try await page in store.entries().pages {
            try await store.write(durability: .buffered) { batch in
                for entry in page { batch.set(entry.key, to: "overwritten") }
            }
        }
    }

    /// Reopens the stores. Those on disk must hold everything; the one in memory must be empty.
    static func reopening(_ distributor: DistributorActor, _ report: Report, count: Int) async throws(StoreError) {
        var found: [String] = []
        for store in try await open(distributor) {
            var entries = 0
            for try await page in store.entries().pages { entries += page.count }
            let isMemory = store.description.hasPrefix("memory:")
            try require(
                isMemory ? entries == 0 : entries >= count, "\(store.description) came back with \(entries) entries")
            found.append("\(entries)")
        }
        report.line("entries after reopening", found)
    }

    /// Runs `body` in `count` concurrent tasks and returns the sum of their results.
    static func inParallel(
        _ count: Int, _ body: @escaping @Sendable (Int) async throws(StoreError) -> Int
    ) async throws(StoreError) -> Int {
        let results = await withTaskGroup(of: Result<Int, StoreError>.self) { group in
            for task in 0..<count {
                group.addTask {
                    do throws(StoreError) { return .success(try await body(task)) } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var sum = 0
        for result in results { sum += try result.get() }
        return sum
    }
}

/// - Throws: when `condition` does not hold, with `failure` as the message.
func require(_ condition: Bool, _ failure: String) throws(StoreError) {
    if !condition { throw StoreError(.invalidArgument, failure) }
}

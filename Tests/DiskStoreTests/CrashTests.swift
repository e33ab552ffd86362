import DiskTestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("A store whose process is killed", .serialized, .timeLimit(.minutes(5)))
struct CrashTests {
    @Test("keeps every acknowledged batch, and none by half", arguments: DiskBackend.allCases, ["durable", "buffered"])
    func killed(_ backend: DiskBackend, _ durability: String) async throws {
        let seed = TestSeed.next
        print("seed of the moments at which \(backend) \(durability) is killed: \(seed)")
        var random = SplitMix64(seed: seed)
        try await withTemporaryDirectory { path in
            var revision = Revision.zero
            var acknowledged = 0
            for round in 0..<15 {
                let worker = try WorkerProcess(backend, path, [durability])
                try worker.send("batches")
                // In the middle of opening, in its first commits, or after a good many.
                for _ in 0..<[0, 1, 2, 40, 300].randomElement(using: &random)! {
                    guard let line = await worker.nextLine() else { break }
                    acknowledged = number(line) ?? acknowledged
                }
                worker.crash()
                while let line = await worker.nextLine() { acknowledged = number(line) ?? acknowledged }

                let store = try await backend.open(path)
                let a = try await store.number("a")
                #expect(try await store.number("b") == a, "round \(round): a batch was there by half")
                #expect(a == acknowledged || a == acknowledged + 1, "round \(round)")
                let now = try await store.statistics().engine.revision
                #expect(now.rawValue >= UInt64(a))
                #expect(now >= revision)
                _ = try await store.verify { _ in }
                // What the next worker begins with.
                #expect(try #require(await store.set("mine", to: Bytes("\(round)")).revision) > now)
                revision = Revision(rawValue: now.rawValue + 1)
                acknowledged = a
                try await store.close()
            }
            #expect(acknowledged > 0)
        }
    }

    @Test(
        "leaves a subscriber where it was: it resumes by the revision it was told last, and hears of what it missed",
        arguments: DiskBackend.allCases)
    func feed(_ backend: DiskBackend) async throws {
        let seed = TestSeed.next
        print("seed of the moments at which the feed of \(backend) is killed: \(seed)")
        var random = SplitMix64(seed: seed)
        try await withTemporaryDirectory { path in
            var told = 0
            var commits = 0
            /// Every commit is the next one, and every gap begins where the last event ended.
            func see(_ line: String, _ round: Int) {
                let numbers = line.split(separator: " ").compactMap { Int($0) }
                if line.hasPrefix("commit "), numbers.count == 1 {
                    #expect(numbers[0] == told + 1, "round \(round): \(line)")
                    commits += 1
                } else if line.hasPrefix("gap "), numbers.count == 2 {
                    #expect(numbers[0] == told && numbers[1] > told, "round \(round): \(line)")
                } else if line != "open" {
                    Issue.record("round \(round): \(line)")
                }
                told = numbers.last ?? told
            }
            // In any order, but each, so that there is something to be told.
            let moments = [1, 1, 20, 20, 200, 200].shuffled(using: &random)
            for (round, moment) in moments.enumerated() {
                let worker = try WorkerProcess(backend, path, round % 2 == 0 ? ["durable"] : ["buffered"])
                try worker.send("feed \(told)")
                for _ in 0..<moment {
                    guard let line = await worker.nextLine() else { break }
                    see(line, round)
                }
                worker.crash()
                while let line = await worker.nextLine() { see(line, round) }

                let store = try await backend.open(path)
                let now = try await store.statistics().engine.revision
                #expect(now.rawValue >= UInt64(told), "round \(round): what was told is there")
                let feed = try #require(store as? any ChangeFeedProvider)
                var resumed = feed.changes(since: Revision(rawValue: UInt64(told))).makeAsyncIterator()
                if now.rawValue > UInt64(told) {
                    let missed = ChangeEvent.gap(from: Revision(rawValue: UInt64(told)), to: now)
                    #expect(try await resumed.next() == missed, "round \(round)")
                }
                let next = try #require(await store.set("mine", to: Bytes("\(round)")).revision)
                let change = Change(key: "mine", value: Bytes("\(round)"))
                #expect(try await resumed.next() == .commit(next, [change]), "round \(round)")
                // The next worker's subscriber was told nothing of the last one: that is its gap.
                told = round % 3 == 0 ? Int(next.rawValue) : told
                try await store.close()
            }
            #expect(commits > 20)
        }
    }

    private func number(_ line: String) -> Int? {
        line.hasPrefix("ack ") ? Int(line.dropFirst(4)) : nil
    }
}

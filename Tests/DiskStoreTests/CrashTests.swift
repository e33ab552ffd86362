import TestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("A store whose process is killed", .serialized, .timeLimit(.minutes(5)))
struct CrashTests {
    @Test(
        "a store whose process is killed keeps every acknowledged batch and no partial batch",
        arguments: disks, ["durable", "buffered"])
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
                // While opening, during the first commits, or after many commits.
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
                // The state with which the next worker begins.
                #expect(try #require(await store.set("mine", to: Bytes("\(round)")).revision) > now)
                revision = Revision(rawValue: now.rawValue + 1)
                acknowledged = a
                try await store.close()
            }
            #expect(acknowledged > 0)
        }
    }

    @Test("after a kill a subscriber resumes at its last revision and receives a gap for the rest", arguments: disks)
    func feed(_ backend: DiskBackend) async throws {
        let seed = TestSeed.next
        print("seed of the moments at which the feed of \(backend) is killed: \(seed)")
        var random = SplitMix64(seed: seed)
        try await withTemporaryDirectory { path in
            var received = 0
            var commits = 0
            /// Checks that every commit has the next revision and every gap begins where the last event ended.
            func see(_ line: String, _ round: Int) {
                let numbers = line.split(separator: " ").compactMap { Int($0) }
                if line.hasPrefix("commit "), numbers.count == 1 {
                    #expect(numbers[0] == received + 1, "round \(round): \(line)")
                    commits += 1
                } else if line.hasPrefix("gap "), numbers.count == 2 {
                    #expect(numbers[0] == received && numbers[1] > received, "round \(round): \(line)")
                } else if line != "open" {
                    Issue.record("round \(round): \(line)")
                }
                received = numbers.last ?? received
            }
            // Each value is used once, in random order, so that some events are received.
            let moments = [1, 1, 20, 20, 200, 200].shuffled(using: &random)
            for (round, moment) in moments.enumerated() {
                let worker = try WorkerProcess(backend, path, round % 2 == 0 ? ["durable"] : ["buffered"])
                try worker.send("feed \(received)")
                for _ in 0..<moment {
                    guard let line = await worker.nextLine() else { break }
                    see(line, round)
                }
                worker.crash()
                while let line = await worker.nextLine() { see(line, round) }

                let store = try await backend.open(path)
                let now = try await store.statistics().engine.revision
                #expect(now.rawValue >= UInt64(received), "round \(round): what was received is there")
                var resumed = store.changes(since: Revision(rawValue: UInt64(received))).makeAsyncIterator()
                if now.rawValue > UInt64(received) {
                    let missed = ChangeEvent.gap(from: Revision(rawValue: UInt64(received)), to: now)
                    #expect(try await resumed.next() == missed, "round \(round)")
                }
                let next = try #require(await store.set("mine", to: Bytes("\(round)")).revision)
                let change = Change(key: "mine", value: Bytes("\(round)"))
                #expect(try await resumed.next() == .commit(next, [change]), "round \(round)")
                // In two of three rounds the next subscriber resumes before this commit, so it receives a gap.
                received = round % 3 == 0 ? Int(next.rawValue) : received
                try await store.close()
            }
            #expect(commits > 20)
        }
    }

    private func number(_ line: String) -> Int? {
        line.hasPrefix("ack ") ? Int(line.dropFirst(4)) : nil
    }
}

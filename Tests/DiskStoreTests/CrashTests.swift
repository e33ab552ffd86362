import DiskTestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("A store whose process is killed", .serialized, .timeLimit(.minutes(5)))
struct CrashTests {
    @Test("keeps every acknowledged batch, and none by half", arguments: DiskBackend.allCases, ["durable", "buffered"])
    func killed(_ backend: DiskBackend, _ durability: String) async throws {
        let seed = UInt64.random(in: 0 ... .max)
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

    private func number(_ line: String) -> Int? {
        line.hasPrefix("ack ") ? Int(line.dropFirst(4)) : nil
    }
}

#if Command
import Testing

@Suite("Stores that fail while many tasks use them", .serialized, .timeLimit(.minutes(5)))
struct HistoriesTests {
    @Test("one order explains the histories of many tasks on failing stores")
    func histories() async throws {
        try await TortureProcess.run("histories", "--rounds", "3", "--operations", "2000")
    }

    @Test("a history with the same seed repeats exactly", arguments: ["memory", "lmdb", "rocksdb"])
    func replays(_ backend: String) async throws {
        func history() async throws -> String? {
            try await TortureProcess.run(
                "histories", "--backend", backend, "--part", "seeded", "--rounds", "1", "--operations", "2000",
                "--seed", "42"
            ).figure("history")
        }
        let first = try await history()
        #expect(first != nil)
        #expect(try await history() == first)
    }

    @Test(
        "a store whose history no order explains is caught",
        arguments: ["stale-read", "early-acknowledgement", "lost-condition"])
    func broken(_ kind: String) async throws {
        try await TortureProcess.run("histories", "--operations", "5000", "--broken", kind)
    }
}
#endif

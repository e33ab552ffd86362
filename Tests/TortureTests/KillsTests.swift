import Testing

@Suite("Stores whose processes are killed", .serialized, .timeLimit(.minutes(5)))
struct KillsTests {
    @Test(
        "keep what they acknowledged", arguments: ["lmdb", "rocksdb"], ["durable", "buffered"])
    func kills(_ backend: String, _ durability: String) async throws {
        try await TortureProcess.run(
            "kills", "--backend", backend, "--durability", durability, "--processes", "1", "--rounds", "8")
    }

    @Test("keep it for the processes that are left")
    func processes() async throws {
        try await TortureProcess.run(
            "kills", "--backend", "lmdb", "--durability", "buffered", "--processes", "3", "--rounds", "4")
    }

    @Test("are caught when they do not", arguments: ["early-acknowledgement", "half-batch", "old-revision"])
    func broken(_ kind: String) async throws {
        try await TortureProcess.run("kills", "--durability", "buffered", "--rounds", "30", "--broken", kind)
    }
}

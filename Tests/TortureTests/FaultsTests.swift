import Testing

@Suite("Stores whose system calls fail", .serialized, .timeLimit(.minutes(5)))
struct FaultsTests {
    @Test("keep their promises, whichever call it is", arguments: ["lmdb", "rocksdb"], ["durable", "buffered"])
    func faults(_ backend: String, _ durability: String) async throws {
        try await TortureProcess.run(
            "faults", "--backend", backend, "--durability", durability, "--rounds", backend == "lmdb" ? "60" : "30")
    }

    @Test("are caught when they do not", arguments: ["lmdb", "rocksdb"], ["swallowed-error", "half-batch"])
    func broken(_ backend: String, _ kind: String) async throws {
        try await TortureProcess.run(
            "faults", "--backend", backend, "--durability", "durable", "--rounds", "400", "--broken", kind)
    }
}

import Testing

@Suite("Stores whose power fails", .serialized, .timeLimit(.minutes(5)))
struct PowerTests {
    @Test("keep what they acknowledged", arguments: ["lmdb", "rocksdb"])
    func power(_ backend: String) async throws {
        let report = try await TortureProcess.run("power", "--backend", backend, "--rounds", "50")
        #expect(report.figure("images") == "50")
    }

    @Test("are caught when they do not", arguments: ["early-acknowledgement", "half-batch"])
    func broken(_ kind: String) async throws {
        try await TortureProcess.run("power", "--durability", "durable", "--rounds", "100", "--broken", kind)
    }
}

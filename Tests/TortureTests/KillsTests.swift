import Testing

@Suite("Stores whose processes are killed", .serialized, .timeLimit(.minutes(5)))
struct KillsTests {
    @Test("keep what they acknowledged", arguments: ["lmdb", "rocksdb"])
    func kills(_ backend: String) async throws {
        try await TortureProcess.run("kills", "--backend", backend, "--rounds", "20")
    }
}

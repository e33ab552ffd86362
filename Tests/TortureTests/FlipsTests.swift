import Testing

@Suite("Stores with a byte changed", .serialized, .timeLimit(.minutes(5)))
struct FlipsTests {
    @Test("are sound, or tell, or crash nobody but the process that opened them", arguments: ["lmdb", "rocksdb"])
    func flips(_ backend: String) async throws {
        try await TortureProcess.run("flips", "--backend", backend, "--rounds", "60", "--seed", "1")
    }

    @Test("are caught when they give wrong data though a checksum is promised")
    func unchecked() async throws {
        try await TortureProcess.run("flips", "--broken", "unchecked")
    }
}

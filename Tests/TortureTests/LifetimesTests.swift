import Testing

@Suite("Stores that come and go by the hundred", .serialized, .timeLimit(.minutes(5)))
struct LifetimesTests {
    @Test("leave nothing behind", arguments: ["memory", "lmdb", "rocksdb"])
    func lifetimes(_ backend: String) async throws {
        try await TortureProcess.run(
            "lifetimes", "--backend", backend, "--rounds", "1", "--requests", backend == "rocksdb" ? "100" : "320")
    }

    @Test(
        "are caught when they do", arguments: ["leaked-handle", "leaked-descriptor", "leaked-bytes", "leaked-view"])
    func broken(_ kind: String) async throws {
        try await TortureProcess.run("lifetimes", "--backend", "lmdb", "--requests", "320", "--broken", kind)
    }
}

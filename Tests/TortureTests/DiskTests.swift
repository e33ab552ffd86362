import Testing

@Suite("Stores whose disk becomes full", .serialized, .timeLimit(.minutes(5)))
struct DiskTests {
    @Test("say so, can be read, and go on when there is room", arguments: ["lmdb", "rocksdb"])
    func full(_ backend: String) async throws {
        try await TortureProcess.run(
            "disk", "--backend", backend, "--durability", "buffered", "--medium", "injected")
    }

    @Test("are caught when they do not say so", arguments: ["lmdb", "rocksdb"])
    func broken(_ backend: String) async throws {
        try await TortureProcess.run(
            "disk", "--backend", backend, "--durability", "buffered", "--medium", "injected", "--broken",
            "swallowed-error")
    }
}

#if Command
import Testing

@Suite("Stores whose disk becomes full", .serialized, .timeLimit(.minutes(5)))
struct DiskTests {
    @Test(
        "a store on a full disk throws, can be read, and can be written when there is room",
        arguments: ["lmdb", "rocksdb"])
    func full(_ backend: String) async throws {
        try await TortureProcess.run(
            "disk", "--backend", backend, "--durability", "buffered", "--medium", "injected")
    }

    @Test("a store that hides a full disk is caught", arguments: ["lmdb", "rocksdb"])
    func broken(_ backend: String) async throws {
        try await TortureProcess.run(
            "disk", "--backend", backend, "--durability", "buffered", "--medium", "injected", "--broken",
            "swallowed-error")
    }
}
#endif

#if Command
import Testing

@Suite("Stores that are opened and closed by the hundred", .serialized, .timeLimit(.minutes(5)))
struct LifetimesTests {
    @Test(
        "stores that are opened and closed by the hundred leave nothing behind",
        arguments: ["memory", "lmdb", "rocksdb"])
    func lifetimes(_ backend: String) async throws {
        try await TortureProcess.run(
            "lifetimes", "--backend", backend, "--rounds", "1", "--requests", backend == "rocksdb" ? "100" : "320")
    }

    @Test(
        "a leaked handle, descriptor, snapshot or byte is caught",
        arguments: ["leaked-handle", "leaked-descriptor", "leaked-bytes", "leaked-snapshot"])
    func broken(_ kind: String) async throws {
        try await TortureProcess.run("lifetimes", "--backend", "lmdb", "--requests", "320", "--broken", kind)
    }
}
#endif

#if Command
import Testing

@Suite("Stores whose system calls fail", .serialized, .timeLimit(.minutes(5)))
struct FaultsTests {
    @Test(
        "a store keeps its promises, whichever system call fails", arguments: ["lmdb", "rocksdb"],
        ["durable", "buffered"])
    func faults(_ backend: String, _ durability: String) async throws {
        try await TortureProcess.run(
            "faults", "--backend", backend, "--durability", durability, "--rounds", backend == "lmdb" ? "60" : "30")
    }

    @Test(
        "a store that breaks its promises when a system call fails is caught", arguments: ["lmdb", "rocksdb"],
        ["swallowed-error", "half-batch"])
    func broken(_ backend: String, _ kind: String) async throws {
        try await TortureProcess.run(
            "faults", "--backend", backend, "--durability", "durable", "--rounds", "400", "--broken", kind)
    }
}
#endif

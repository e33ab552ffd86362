#if Command
import TestSupport
import Testing

@Suite("Stores whose processes are killed", .serialized, .timeLimit(.minutes(5)))
struct KillsTests {
    @Test(
        "a store whose process is killed keeps every acknowledged commit", arguments: disks,
        ["durable", "buffered"])
    func kills(_ backend: DiskBackend, _ durability: String) async throws {
        try await TortureProcess.run(
            "kills", "--backend", backend.rawValue, "--durability", durability, "--processes", "1", "--rounds", "8")
    }

    @Test("a store keeps acknowledged commits for the surviving processes when one is killed")
    func processes() async throws {
        try await TortureProcess.run(
            "kills", "--backend", "lmdb", "--durability", "buffered", "--processes", "3", "--rounds", "4")
    }

    @Test(
        "a store that breaks its promises when its process is killed is caught",
        arguments: ["early-acknowledgement", "half-batch", "old-revision"])
    func broken(_ kind: String) async throws {
        try await TortureProcess.run("kills", "--durability", "buffered", "--rounds", "30", "--broken", kind)
    }
}
#endif

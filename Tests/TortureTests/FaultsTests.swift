#if Command
import TestSupport
import Testing

@Suite("Stores whose system calls fail", .serialized, .timeLimit(.minutes(5)))
struct FaultsTests {
    @Test("a store keeps its promises, whichever system call fails", arguments: disks, ["durable", "buffered"])
    func faults(_ backend: DiskBackend, _ durability: String) async throws {
        let rounds = backend == .lmdb ? "60" : "30"
        try await TortureProcess.run(
            "faults", "--backend", backend.rawValue, "--durability", durability, "--rounds", rounds)
    }

    @Test(
        "a store that breaks its promises when a system call fails is caught", arguments: disks,
        ["swallowed-error", "half-batch"])
    func broken(_ backend: DiskBackend, _ kind: String) async throws {
        try await TortureProcess.run(
            "faults", "--backend", backend.rawValue, "--durability", "durable", "--rounds", "400", "--broken", kind)
    }
}
#endif

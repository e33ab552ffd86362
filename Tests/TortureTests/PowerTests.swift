#if Command
import TestSupport
import Testing

@Suite("Stores whose power fails", .serialized, .timeLimit(.minutes(5)))
struct PowerTests {
    @Test("a store and its backup keep acknowledged commits when the power fails", arguments: disks)
    func power(_ backend: DiskBackend) async throws {
        let report = try await TortureProcess.run("power", "--backend", backend.rawValue, "--rounds", "100")
        #expect(report.figure("images") == "100")
    }

    @Test(
        "a store that loses acknowledged commits when the power fails is caught",
        arguments: ["early-acknowledgement", "half-batch"])
    func broken(_ kind: String) async throws {
        try await TortureProcess.run("power", "--durability", "durable", "--rounds", "100", "--broken", kind)
    }
}
#endif

#if Command
import TestSupport
import Testing

@Suite("Stores whose disk becomes full", .serialized, .timeLimit(.minutes(5)))
struct DiskTests {
    @Test("a store on a full disk throws, can be read, and can be written when there is room", arguments: disks)
    func full(_ backend: DiskBackend) async throws {
        try await TortureProcess.run(
            "disk", "--backend", backend.rawValue, "--durability", "buffered", "--medium", "injected")
    }

    @Test("a store that hides a full disk is caught", arguments: disks)
    func broken(_ backend: DiskBackend) async throws {
        try await TortureProcess.run(
            "disk", "--backend", backend.rawValue, "--durability", "buffered", "--medium", "injected", "--broken",
            "swallowed-error")
    }
}
#endif

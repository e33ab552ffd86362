#if Command
import TestSupport
import Testing

@Suite("Stores with a byte changed", .serialized, .timeLimit(.minutes(5)))
struct FlipsTests {
    @Test("a store with a changed byte is sound, throws, or crashes only the process that opened it", arguments: disks)
    func flips(_ backend: DiskBackend) async throws {
        try await TortureProcess.run("flips", "--backend", backend.rawValue, "--rounds", "60", "--seed", "1")
    }

    @Test("a store that returns wrong data despite promised checksums is caught")
    func unchecked() async throws {
        try await TortureProcess.run("flips", "--broken", "unchecked")
    }
}
#endif

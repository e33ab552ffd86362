#if Command
import Testing

@Suite("Everything at once", .serialized, .timeLimit(.minutes(5)))
struct SoakTests {
    @Test("a store under every kind of load at once keeps its promises")
    func soak() async throws { try await TortureProcess.run("soak", "--minutes", "0.05") }

    @Test("a store whose memory or descriptors grow is caught", arguments: ["leaked-descriptor", "leaked-bytes"])
    func broken(_ kind: String) async throws {
        try await TortureProcess.run("soak", "--backend", "memory", "--minutes", "0.05", "--broken", kind)
    }
}
#endif

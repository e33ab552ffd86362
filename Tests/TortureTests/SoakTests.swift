import Testing

@Suite("Everything at once", .serialized, .timeLimit(.minutes(5)))
struct SoakTests {
    @Test("keeps its promises")
    func soak() async throws { try await TortureProcess.run("soak", "--minutes", "0.05") }

    @Test("is caught when memory or descriptors grow", arguments: ["leaked-descriptor", "leaked-bytes"])
    func broken(_ kind: String) async throws {
        try await TortureProcess.run("soak", "--backend", "memory", "--minutes", "0.05", "--broken", kind)
    }
}

import KVDSTesting
import Testing

@testable import KVDS

@Suite("Verifying a store", .timeLimit(.minutes(1)))
struct VerifyTests {
    @Test("verify reports progress and accepts entries of the maximum length")
    func sound() async throws {
        let store = try await WatchedEngine.open(
            EngineNotes(limits: StoreLimits(maximumKeyLength: 5, maximumValueLength: 5)))
        try await store.set("k", to: "")
        try await store.set("other", to: "value")
        var reported: [Int] = []
        let count = try await store.verify { reported.append($0) }
        #expect(count == 2 && reported == [2])
        try await store.close()
    }

    @Test("verify throws .corrupt for entries in a wrong order")
    func order() async throws {
        let faults = Faults()
        let store = try await FaultyStore.open(faults)
        try await store.write { batch in for number in 0..<1_000 { batch.set(Bytes("\(10_000 + number)"), to: "v") } }
        #expect(try await store.verify { _ in } == 1_000)
        faults.swapEntries()
        #expect(await answerCode { _ = try await store.verify { _ in } } == "corrupt")
        try await store.close()
    }

    @Test("verify throws .corrupt for a key or value of impossible length", arguments: ["a long key", "long value"])
    func lengths(wrong: String) async throws {
        let engine = WatchedEngine(EngineNotes(limits: StoreLimits(maximumKeyLength: 5, maximumValueLength: 5)))
        try engine.base.write { batch in
            batch.set("key", to: "value")
            if wrong == "a long key" { batch.set("longer", to: "value") } else { batch.set("other", to: "longer") }
        }
        let store = EmbeddedStore(
            engine: engine, description: "damaged:", configuration: StoreConfiguration(), thread: try WorkerThreads())
        let answer = await answerCode { _ = try await store.verify { _ in } }
        #expect(answer == "corrupt")
        try await store.close()
    }

    @Test("a key or value that is too long is refused, also by inline commits")
    func refusedValues() async throws {
        for durability in [Durability.buffered, .durable] {
            let notes = EngineNotes(limits: StoreLimits(maximumKeyLength: 5, maximumValueLength: 5))
            let store = try await WatchedEngine.open(notes, durability: durability)
            #expect(await answerCode { try await store.set("k", to: "longer") } == "invalidValue")
            #expect(await answerCode { try await store.set("longer", to: "v") } == "invalidKey")
            #expect(notes.seen.begun == 0)
            try await store.close()
        }
    }
}

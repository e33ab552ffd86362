import Testing

@testable import KVDS

/// A read that stays registered would prevent the store from closing and its map from growing.
@Suite("The count of reads under way", .timeLimit(.minutes(1)))
struct ReadCountTests {
    private let store = MemoryStore()

    @Test("a read is no longer counted once it has returned or thrown")
    func everyRead() async throws {
        try await store.set("a", to: "1")
        let snapshot = try await store.snapshot()
        let reads: [(String, () async throws -> Void)] = [
            ("get", { _ = try await store.get("a") }),
            ("get of a key that is not there", { _ = try await store.get("b") }),
            ("exists", { _ = try await store.exists("a") }),
            ("withValue", { _ = try await store.withValue(for: "a") { (bytes: RawSpan) in bytes.byteCount } }),
            ("a wrong key", { _ = await answerCode { _ = try await store.get("") } }),
            ("a snapshot", { try await store.snapshot().close() }),
            ("get of a snapshot", { _ = try await snapshot.get("a") }),
            ("exists of a snapshot", { _ = try await snapshot.exists("a") }),
            ("a scan", { for try await _ in store.entries() {} }),
            ("a scan of a snapshot", { for try await _ in snapshot.entries() {} }),
            ("a scan that is wrong", { _ = await answerCode { for try await _ in store.entries(limit: -1) {} } }),
            ("statistics", { _ = try await store.statistics() }),
        ]
        for (name, read) in reads {
            try await read()
            let isFree = try store.gate.withoutReaders(milliseconds: 100) { () throws(StoreError) in }
            // Closing would wait for the read.
            try #require(isFree, "\(name) is still counted")
        }
        snapshot.close()
        #expect(await answerCode { _ = try await snapshot.get("a") } == "snapshotEnded")
        try #require(try store.gate.withoutReaders(milliseconds: 100) { () throws(StoreError) in })
        try await store.close()
    }
}

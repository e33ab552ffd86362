import Testing

@testable import KVDS

@Suite("Open scans")
struct ScanSessionTests {
    @Test("closing takes the snapshots of the scans that are open, though their iterators are held")
    func revocation() async throws {
        let store = MemoryStore()
        try await store.write { batch in
            for number in 0..<3_000 { batch.set(Bytes("\(number)"), to: "a value of some length, so that pages fill") }
        }
        var iterator = store.entries().makeAsyncIterator()
        _ = try await iterator.next()
        #expect(store.views.count == 1)
        #expect(store.views.oldestAge != nil)
        try await store.close()
        #expect(store.views.count == 0)
    }
}

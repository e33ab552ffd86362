import Testing

@testable import KVDS

@Suite("Open scans", .timeLimit(.minutes(1)))
struct ScanTests {
    private static let value: Bytes = "a value of some length, so that pages fill"

    private static func filled(_ count: Int) async throws -> MemoryStore {
        let store = MemoryStore()
        try await store.write { batch in
            for number in 0..<count { batch.set(Bytes("\(100_000 + number)"), to: value) }
        }
        return store
    }

    @Test("closing a store releases the snapshots of open scans, even while iterators are held")
    func revocation() async throws {
        let store = try await Self.filled(3_000)
        var iterator = store.entries().makeAsyncIterator()
        _ = try await iterator.next()
        #expect(store.openSnapshots.count == 1)
        #expect(store.openSnapshots.oldestAge != nil)
        try await store.close()
        #expect(store.openSnapshots.count == 0)
    }

    /// A leaked snapshot would make the test hang, because closing waits for it; so the test checks for leaks first.
    @Test("a scan that ends, is left or is dropped holds no snapshot")
    func endings() async throws {
        let store = try await Self.filled(3_000)
        for try await _ in store.entries() {}
        try #require(store.openSnapshots.count == 0, "at its end")
        for try await _ in store.entries(order: .reverse) {}
        try #require(store.openSnapshots.count == 0, "at its end in reverse")
        for try await _ in store.entries(limit: 200) {}
        try #require(store.openSnapshots.count == 0, "at its limit")
        for try await _ in store.entries() { break }
        try #require(store.openSnapshots.count == 0, "after a break")
        do {
            var dropped = store.entries().makeAsyncIterator()
            _ = try await dropped.next()
            #expect(store.openSnapshots.count == 1)
        }
        try #require(store.openSnapshots.count == 0, "when it is dropped")
        try await store.close()
    }

    @Test("the pages of a scan double in size from 4 KiB up to 64 KiB")
    func pages() async throws {
        let store = try await Self.filled(10_000)
        var lengths: [Int] = []
        for try await page in store.entries().pages {
            lengths.append(page.reduce(0) { $0 + 8 + $1.key.count + $1.value.count })
        }
        #expect(lengths.first.map { $0 <= 4 << 10 } == true)
        #expect(zip(lengths, lengths.dropFirst()).allSatisfy { $1 <= max($0 * 2 + 200, 8 << 10) })
        #expect(lengths.max().map { $0 > 60 << 10 && $0 <= 64 << 10 } == true)
        try await store.close()
    }
}

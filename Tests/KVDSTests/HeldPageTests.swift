import KVDSTesting
import Testing

@testable import KVDS

@Suite("Ending a scan while its page is being read", .timeLimit(.minutes(1)))
struct HeldPageTests {
    private let faults = Faults()

    /// An iterator that can be moved into a task. Its copies share a scan.
    ///
    /// `@unchecked Sendable` is correct because only one task at a time uses it.
    private final class HandedScan: @unchecked Sendable {
        private var iterator: Entries.Iterator

        init(_ entries: Entries) { iterator = entries.makeAsyncIterator() }
        init(sharing other: HandedScan) { iterator = other.iterator }

        func next() async throws(StoreError) -> Entry? { try await iterator.next() }

        /// Reads to the end.
        func finish() async throws(StoreError) { while try await next() != nil {} }
    }

    private static func key(_ number: Int) -> Bytes { Bytes("key/\(10_000 + number)") }

    private func filled() async throws -> FaultyStore {
        let store = try await FaultyStore.open(faults)
        try await store.write { batch in for number in 0..<1_000 { batch.set(Self.key(number), to: "a value") } }
        return store
    }

    /// Requests the first key of `scan`, whose page is held from then on.
    private func ask(_ scan: HandedScan) async -> WatchedCall<Bytes> {
        faults.holdPages()
        let reading = WatchedCall { (try? await scan.next())?.key ?? "nothing" }
        await faults.pageIsHeld()
        return reading
    }

    @Test("a snapshot closed while its page is read is released with the page, and its scan ends")
    func snapshot() async throws {
        let store = try await filled()
        let snapshot = try await store.snapshot()
        let scan = HandedScan(snapshot.entries())
        let reading = await ask(scan)
        snapshot.close()
        #expect(store.openSnapshots.count == 1, "a page of it is being read")
        faults.releasePages()
        #expect(await reading.outcome() == Self.key(0))
        try #require(await soon { store.openSnapshots.count == 0 })
        #expect(await answerCode { try await scan.finish() } == "snapshotEnded")
        try await store.close()
    }

    @Test("closing a store waits for a page that is being read, and no longer")
    func store() async throws {
        let store = try await filled()
        let scan = HandedScan(store.entries())
        let reading = await ask(scan)
        let closing = WatchedCall { await answerCode { try await store.close() } }
        #expect(await soon { !store.isOpen })
        #expect(!closing.hasEnded)
        faults.releasePages()
        #expect(await reading.outcome() == Self.key(0))
        #expect(await closing.outcome() == "done")
        #expect(store.openSnapshots.count == 0)
        #expect(await answerCode { try await scan.finish() } == "closed")
    }

    @Test("a task cancelled while its page is read gets the page, then throws .cancelled")
    func cancelled() async throws {
        let store = try await filled()
        let scan = HandedScan(store.entries())
        faults.holdPages()
        let reading = WatchedCall { await answerCode { try await scan.finish() } }
        await faults.pageIsHeld()
        reading.cancel()
        faults.releasePages()
        #expect(await reading.outcome() == "cancelled")
        try #require(store.openSnapshots.count == 0)
        try await store.close()
    }

    @Test("a scan ended while its page is read releases its snapshot with the page")
    func ended() async throws {
        let store = try await filled()
        let session = Scan(store: store, range: .all, order: .forward, limit: nil)
        faults.holdPages()
        let reading = WatchedCall { (try? await session.nextPage())?.count ?? 0 }
        await faults.pageIsHeld()
        session.end()
        faults.releasePages()
        #expect(await reading.outcome() ?? 0 > 0)
        try #require(await soon { store.openSnapshots.count == 0 })
        #expect(try await session.nextPage() == nil)
        try await store.close()
    }

    @Test("a second task on an iterator that is reading throws .busy and affects nothing else")
    func twoTasks() async throws {
        let store = try await filled()
        let scan = HandedScan(store.entries())
        let copy = HandedScan(sharing: scan)
        let reading = await ask(scan)
        #expect(await answerCode { _ = try await copy.next() } == "busy")
        faults.releasePages()
        #expect(await reading.outcome() == Self.key(0))
        #expect(await answerCode { try await scan.finish() } == "done")
        try await store.close()
    }
}

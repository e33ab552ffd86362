import KVDS
import KVDSTesting
import Testing

@Suite("Capabilities", .timeLimit(.minutes(1)))
struct CapabilityTests {
    /// Forwards everything.
    private struct Forwarding: StoreLayer { let base: any KeyValueStore }

    @Test("a layer that declares nothing keeps the contract:", arguments: StoreConformance.checks)
    func forwarding(_ check: StoreConformance.Check) async throws {
        let outcome = try await StoreConformance { Forwarding(base: MemoryStore()) }.run(check)
        #expect(check.needsReopening || outcome == .passed)
    }

    @Test("a store without a capability throws .notSupported and names itself")
    func missing() async throws {
        let store: any KeyValueStore = BareStore(MemoryStore())
        #expect(store.snapshots == nil && store.changeFeed == nil && store.inspector == nil && store.backups == nil)
        let calls: [() async throws -> Void] = [
            { _ = try await store.snapshot() },
            { try await store.withSnapshot { _ in } },
            { for try await _ in store.changes() { return } },
            { for try await _ in store.observe(prefix: "a") { return } },
            { _ = try await store.statistics() },
            { _ = try await store.verify() },
            { try await store.backup(to: "nowhere") },
        ]
        for call in calls {
            let error = await #expect(throws: StoreError.self) { try await call() }
            #expect(error?.code == .notSupported && error?.store == store.description)
        }
        #expect(!store.isShared)
    }

    @Test("observing a store without a change feed throws .notSupported at the first element")
    func observing() async throws {
        struct Silent: StoreLayer {
            let base: any KeyValueStore
            var changeFeed: (any ChangeFeedProvider)? { nil }
        }
        var elements = Silent(base: MemoryStore()).observe().makeAsyncIterator()
        let error = await #expect(throws: StoreError.self) { _ = try await elements.next() }
        #expect(error?.code == .notSupported)
    }

    @Test("a caller reaches every capability of any store without a cast")
    func present() async throws {
        let store: any KeyValueStore = Forwarding(base: MemoryStore())
        try await store.set("a", to: "1")
        #expect(try await store.withSnapshot { try await $0.get("a") } == "1")
        for try await entries in store.observe(prefix: "a") {
            #expect(entries.map(\.value) == ["1"])
            break
        }
        #expect(try await store.statistics().commits == 1)
        #expect(try await store.verify() == 1)
    }
}

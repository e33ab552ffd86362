import KVDSTesting
import Testing

@testable import KVDS

@Suite("Lease")
struct LeaseTests {
    @Test("a lease may be for ever, and a fence that cannot grow is an error")
    func extremes() async throws {
        let store = MemoryStore()
        let lease = try #require(try await Lease.acquire("for ever", in: store, for: .seconds(Int64.max)))
        #expect(lease.isHeld)
        #expect(try await Lease.acquire("for ever", in: store, for: .seconds(1)) == nil)

        let last = LeaseRecord(fence: .max, expiry: .zero, owner: "")
        try await store.set("used up", to: last.bytes)
        await #expect { _ = try await Lease.acquire("used up", in: store, for: .seconds(1)) } throws: {
            ($0 as? StoreError)?.code == .invalidValue
        }
        #expect(try await store.get("used up") == last.bytes)
    }

    @Test("a lease whose release has an unknown outcome does not count as held")
    func unknownRelease() async throws {
        let faults = Faults()
        let store = try await EmbeddedStore.open("faulty:") {
            FaultInjectingEngine(MemoryEngine(), faults: faults)
        }
        let lease = try #require(try await Lease.acquire("l", in: store, for: .seconds(1_000)))
        #expect(lease.isHeld)
        faults.fail(.commit, with: StoreError(.outcomeUnknown, "It was told to fail."))
        await #expect { try await lease.release() } throws: { ($0 as? StoreError)?.code == .outcomeUnknown }
        #expect(!lease.isHeld)
    }
}

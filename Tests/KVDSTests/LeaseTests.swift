import KVDSTesting
import Testing

@testable import KVDS

@Suite("Lease", .timeLimit(.minutes(1)))
struct LeaseTests {
    @Test("the record of a lease is its fencing token, its end in microseconds, and its owner's name")
    func record() throws {
        let record = LeaseRecord(fencingToken: 7, expiry: .milliseconds(1_500), owner: "one of two")
        #expect(record.bytes == "7 1500000 one of two")
        #expect(try LeaseRecord(record.bytes, at: "l", of: "a store") == record)
    }

    @Test("a lease may have the longest duration, and a fencing token that cannot grow throws")
    func extremes() async throws {
        let store = MemoryStore()
        let lease = try #require(try await Lease.acquire("for ever", in: store, for: .seconds(Int64.max)))
        #expect(lease.isHeld)
        #expect(try await Lease.acquire("for ever", in: store, for: .seconds(1)) == nil)

        let last = LeaseRecord(fencingToken: .max, expiry: .zero, owner: "")
        try await store.set("used up", to: last.bytes)
        await #expect { _ = try await Lease.acquire("used up", in: store, for: .seconds(1)) } throws: {
            ($0 as? StoreError)?.code == .invalidValue
        }
        #expect(try await store.get("used up") == last.bytes)
    }

    @Test("a lease whose release has an unknown outcome is not held")
    func unknownRelease() async throws {
        let faults = Faults()
        let store = try await FaultyStore.open(faults)
        let lease = try #require(try await Lease.acquire("l", in: store, for: .seconds(1_000)))
        #expect(lease.isHeld)
        faults.fail(.commit, with: StoreError(.outcomeUnknown, "It was told to fail."))
        await #expect { try await lease.release() } throws: { ($0 as? StoreError)?.code == .outcomeUnknown }
        #expect(!lease.isHeld)
    }

    @Test("a takeover of a lease under the same owner name makes a new holder")
    func sameOwner() async throws {
        let store = MemoryStore()
        let time = Monitor(Duration.zero)
        let clock = WallClock {
            time.withLock { $0 }
        } sleep: { _ in
        }
        func acquire() async throws -> Lease {
            try #require(try await Lease.acquire("lock", in: store, for: .seconds(1), owner: "me", clock: clock))
        }
        let crashed = try await acquire()
        time.withLock { $0 = .seconds(1) }
        let lease = try await acquire()
        #expect(lease.fencingToken > crashed.fencingToken)
        #expect(try await !crashed.renew())
        #expect(try await !crashed.release())
        #expect(try await Lease.acquire("lock", in: store, for: .seconds(1), clock: clock) == nil)
        #expect(try await lease.renew())
    }

    @Test("a lease found to be lost is not held, whatever its expiry was")
    func lost() async throws {
        let store = MemoryStore()
        let lease = try #require(try await Lease.acquire("l", in: store, for: .seconds(1_000)))
        try await store.delete("l")
        #expect(lease.isHeld)
        #expect(try await !lease.renew())
        #expect(!lease.isHeld)
        #expect(lease.expiry == .zero)
    }

    @Test("a lease released during its renewal is not held")
    func releasedMeanwhile() async throws {
        let store = LateAnswer(MemoryStore())
        let lease = try #require(try await Lease.acquire("l", in: store, for: .seconds(1_000)))
        store.hold(.commit)
        let renewal = WatchedCall { (try? await lease.renew()) == true }
        #expect(await soon { store.isHolding })
        #expect(try await lease.release())
        store.release()
        #expect(await renewal.outcome() == true)
        #expect(!lease.isHeld)
    }
}

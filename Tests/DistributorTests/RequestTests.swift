import TestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("A request for a store", .timeLimit(.minutes(1)))
struct RequestTests {
    /// Only memory stores are opened here. The distributor is not shut down if a test fails, because the shutdown may
    /// never end then.
    private let distributor = DistributorActor(directory: "/nowhere")

    @Test("a request after the shutdown throws .closed and opens nothing")
    func afterShutdown() async throws {
        let counting = CountingBackend()
        await distributor.shutdown()
        #expect(try await storeError { _ = try await distributor.store("a", on: counting.backend) }?.code == .closed)
        #expect(counting.opened.value == 0)
    }

    @Test("a request's own configuration overrides that of the distributor")
    func configuration() async throws {
        let seen = Monitor<[Durability]>([])
        let backend = Backend(name: "seen", isPersistent: false) { location, configuration throws(StoreError) in
            seen.withLock { $0.append(configuration.durability) }
            return MemoryStore(location, configuration: configuration)
        }
        let distributor = DistributorActor(
            directory: "/nowhere", configuration: .init(store: StoreConfiguration(durability: .buffered)))
        _ = try await distributor.store("a", on: backend)
        _ = try await distributor.store("b", on: backend, configuration: StoreConfiguration(durability: .volatile))
        #expect(seen.withLock { $0 } == [.buffered, .volatile])
        await distributor.shutdown()
    }

    @Test("after a failed opening the next request opens the store")
    func failedOpening() async throws {
        let counting = CountingBackend(failures: 1)
        #expect(
            try await storeError { _ = try await distributor.store("a", on: counting.backend) }?.code == .ioFailure)
        let second = try await storeError { _ = try await distributor.store("a", on: counting.backend) }
        try #require(second == nil, "what was thrown once is thrown again")
        await distributor.shutdown()
    }

    @Test("after a failed close the next request opens the store, and the shutdown finishes")
    func failedClosing() async throws {
        let opened = AtomicCounter()
        let backend = Backend(name: "failing", isPersistent: false) { location, configuration throws(StoreError) in
            let faults = Faults()
            if opened.add() == 1 { faults.fail(.close, with: StoreError(.ioFailure, "The disk is tired.")) }
            return try await EmbeddedStore.open(location, configuration: configuration) {
                FaultInjectingEngine(MemoryEngine(), faults: faults)
            }
        }
        let handle = try await distributor.store("a", on: backend)
        #expect(try await storeError { try await handle.close() }?.code == .ioFailure)
        // In a separate task, because a request that cannot be served might block the distributor forever.
        let isServed = Flag()
        let distributor = distributor
        Task {
            try await distributor.store("a", on: backend).set("k", to: "v")
            await distributor.shutdown()
            isServed.raise()
        }
        await untilFreed { isServed.isRaised }
        #expect(isServed.isRaised, "the request is served, and the shutdown ends")
        #expect(opened.value == 2)
    }

    /// A store that is closed as soon as its first user has it. Its opener still finds it open.
    private final class ShortLivedStore: BareLayer {
        let base: any KeyValueStore = MemoryStore()
        private let asked = AtomicCounter()

        var isOpen: Bool { asked.add() <= 2 }
    }

    @Test("a request that waited for an opening never gets a store that was closed meanwhile")
    func closedMeanwhile() async throws {
        let opened = AtomicCounter()
        let backend = Backend(name: "short", isPersistent: false) { location, configuration throws(StoreError) in
            let number = opened.add()
            // Long enough for other tasks to make requests in the meantime.
            for _ in 0..<100 { await Task.yield() }
            if number == 1 { return ShortLivedStore() }
            return MemoryStore(location, configuration: configuration)
        }
        let distributor = distributor
        let handles = try await withThrowingTaskGroup(of: StoreHandle.self) { tasks in
            for _ in 0..<20 { tasks.addTask { try await distributor.store("a", on: backend) } }
            return try await tasks.reduce(into: [StoreHandle]()) { $0.append($1) }
        }
        #expect(handles.count { $0.base is ShortLivedStore } == 1)
        #expect(opened.value == 2)
        await distributor.shutdown()
    }
}

import TestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("A distributor over backends that fail", .timeLimit(.minutes(1)))
struct FailingBackendTests {
    private static func error(of handleRequest: () async throws -> StoreHandle) async throws -> StoreError? {
        try await storeError { _ = try await handleRequest() }
    }

    @Test("a backend that returns a closed store is asked once, and the request throws .closed")
    func closedStore() async throws {
        let opened = AtomicCounter()
        let backend = Backend(name: "closed", isPersistent: false) { location, configuration throws(StoreError) in
            if opened.add() > 10 { throw StoreError(.busy, "The backend was asked again and again.") }
            let store = MemoryStore(location, configuration: configuration)
            try await store.close()
            return store
        }
        try await withDistributor { distributor in
            let error = try await Self.error { try await distributor.store("a", on: backend) }
            #expect(error?.code == .closed)
            #expect(error?.message.contains("closed") == true)
            #expect(opened.value == 1)
            #expect(await distributor.openStores.isEmpty)
        }
    }

    /// A memory store whose engine throws on close.
    private static func failingAtClose(_ opened: AtomicCounter) -> Backend {
        Backend(name: "failing", isPersistent: false) { location, configuration throws(StoreError) in
            if opened.add() > 10 { throw StoreError(.busy, "The backend was asked again and again.") }
            let faults = Faults()
            faults.fail(.close, with: StoreError(.ioFailure, "The disk failed while the store was closed."))
            return try await EmbeddedStore.open(location, configuration: configuration) {
                FaultInjectingEngine(MemoryEngine(), faults: faults)
            }
        }
    }

    @Test("a store that fails to close is forgotten, and the next request opens it again")
    func closeFails() async throws {
        let opened = AtomicCounter()
        let backend = Self.failingAtClose(opened)
        try await withDistributor { distributor in
            var events = distributor.lifetimeEvents.makeAsyncIterator()
            do {
                let handle = try await distributor.store("a", on: backend)
                try await handle.set("k", to: "v")
            }
            #expect(await next(.closed, &events) != nil)
            let again = try await distributor.store("a", on: backend)
            #expect(try await again.get("k") == nil)
            #expect(opened.value == 2)
        }
    }

    @Test("a handle whose close failed is closed, and the next request opens the store again")
    func closeOfHandleFails() async throws {
        let opened = AtomicCounter()
        let backend = Self.failingAtClose(opened)
        try await withDistributor { distributor in
            let handle = try await distributor.store("a", on: backend)
            let error = try await storeError { try await handle.close() }
            #expect(error?.code == .ioFailure)
            #expect(!handle.isOpen)
            let again = try await distributor.store("a", on: backend)
            #expect(again !== handle)
            try await again.set("k", to: "v")
            #expect(opened.value == 2)
        }
    }

    @Test("shutdown finishes although a store fails to close")
    func shutdown() async throws {
        try await withDistributor { distributor in
            let handle = try await distributor.store("a", on: Self.failingAtClose(AtomicCounter()))
            await distributor.shutdown()
            #expect(!handle.isOpen)
            #expect(await distributor.openStores.isEmpty)
        }
    }
}

import KVDS
import KVDSTesting
import TestSupport
import Testing

@Suite("Namespaces and handles", .timeLimit(.minutes(5)))
struct NamespacedHandleTests {
    @Test(
        "a namespace over a handle keeps its store open, and its release closes the store", arguments: Served.allCases)
    func lifetime(_ served: Served) async throws {
        try await withDistributor { distributor in
            var events = distributor.lifetimeEvents.makeAsyncIterator()
            do {
                let users = NamespacedStore(try await distributor.store("a", on: served.backend), prefix: "users/")
                try await users.set("ada", to: "1")
                #expect(try await users.get("ada") == "1")
                #expect(await distributor.openStores.count == 1)
            }
            #expect(await next(.closed, &events) != nil)
            #expect(await distributor.openStores.isEmpty)
        }
    }

    @Test("a handle of a namespace keeps the contract:", arguments: StoreConformance.checks)
    func conformance(_ check: StoreConformance.Check) async throws {
        let backend = Backend(name: "namespace", isPersistent: false) { location, configuration throws(StoreError) in
            let base = try await Backend.memory.open(at: location, configuration: configuration)
            return NamespacedStore(base, prefix: "users/")
        }
        try await withDistributor { distributor in
            let made = AtomicCounter()
            let suite = StoreConformance(increments: 4, operations: 150) {
                try await distributor.store(StoreID("\(made.add())"), on: backend)
            }
            let outcome = try await suite.run(check)
            #expect(outcome == .passed || check.needsReopening)
        }
    }

    @Test("a transaction conflicts with commits to its own namespace only", arguments: Served.allCases)
    func conflicts(_ served: Served) async throws {
        try await withDistributor { distributor in
            let handle = try await distributor.store("a", on: served.backend)
            let users = NamespacedStore(handle, prefix: "users/")
            let orders = NamespacedStore(handle, prefix: "orders/")
            for (other, attempts) in [(orders, 1), (users, 2)] {
                let isFirst = AtomicCounter()
                let result = try await users.withTransactionResult { transaction in
                    var count = 0
                    for try await _ in transaction.entries() { count += 1 }
                    if isFirst.add() == 1 { try await other.set("x", to: "1") }
                    transaction.set("count", to: Bytes("\(count)"))
                }
                #expect(result.attempts == attempts)
            }
        }
    }
}

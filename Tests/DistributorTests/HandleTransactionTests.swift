import KVDS
import Testing

@Suite("Transactions on a handle")
struct HandleTransactionTests {
    @Test("transactions on a handle behave as on the store itself", arguments: Served.allCases)
    func transaction(_ served: Served) async throws {
        try await withDistributor { distributor in
            let sessions = try await distributor.store("sessions", on: served.backend)
            try await sessions.set("balance:42", to: "100")
            let seen = try await sessions.withTransaction { tx in
                let balance = try await tx.get("balance:42")
                let left = balance.flatMap { Int(String($0)) }.map { $0 - 10 } ?? 0
                tx.set("balance:42", to: Bytes("\(left)"))
                tx.set("balance:43", to: "10")
                var seen: [Bytes] = []
                for try await entry in tx.entries(prefix: "balance:") { seen.append(entry.value) }
                return seen
            }
            #expect(seen == ["90", "10"])
            #expect(try await sessions.get("balance:42") == "90")
            // A read-only transaction reads from one snapshot, also through a handle.
            let result = try await sessions.withTransactionResult { tx in
                let before = try await tx.get("balance:42")
                try await sessions.set("balance:43", to: "0")
                return [before, try await tx.get("balance:43")]
            }
            #expect(result.value == ["90", "10"])
            #expect(result.attempts == 1)
            // A change by another commit after the read is not overwritten.
            let second = try await sessions.withTransactionResult { tx in
                let balance = try await tx.get("balance:42")
                if balance == "90" { try await sessions.set("balance:42", to: "60") }
                tx.set("balance:43", to: balance ?? "")
            }
            #expect(second.attempts == 2)
            #expect(try await sessions.get("balance:43") == "60")
        }
    }

    @Test("a handle returns the statistics and the verification of its store", arguments: Served.allCases)
    func inspected(_ served: Served) async throws {
        try await withDistributor { distributor in
            let sessions = try await distributor.store("sessions", on: served.backend)
            try await sessions.set("a", to: "1")
            let snapshot = try await sessions.snapshot()
            let statistics = try await sessions.statistics()
            #expect(statistics.engine.revision.rawValue == 1)
            #expect(statistics.openSnapshots == 1 && statistics.oldestSnapshotAge != nil)
            snapshot.close()
            #expect(try await sessions.statistics().openSnapshots == 0)
            #expect(try await sessions.verify { _ in } == 1)
        }
    }
}

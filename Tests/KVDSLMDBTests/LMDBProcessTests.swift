import TestSupport
import KVDS
import KVDSLMDB
import Testing

@Suite("An LMDB store that four processes share", .timeLimit(.minutes(5)))
struct LMDBProcessTests {
    @Test("compare-and-swap increments by four processes lose no increment")
    func increments() async throws {
        try await withWorkers { store, workers in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for worker in workers {
                    tasks.addTask {
                        let answer = try await worker.ask("increment n 200")
                        #expect(answer == "done")
                    }
                }
                tasks.addTask { try await store.increment("n", 200) }
                try await tasks.waitForAll()
            }
            #expect(try await store.number("n") == 800)
        }
    }

    @Test("one of the processes that race setIfAbsent wins, and its value stays")
    func claims() async throws {
        try await withWorkers { store, workers in
            for round in 0..<30 {
                let winners: [String] = try await withThrowingTaskGroup(of: String?.self) { tasks in
                    for (index, worker) in workers.enumerated() {
                        tasks.addTask {
                            try await worker.ask("claim lock\(round) \(index)") == "true" ? "\(index)" : nil
                        }
                    }
                    tasks.addTask { try await store.setIfAbsent(Bytes("lock\(round)"), to: "me") ? "me" : nil }
                    return try await tasks.reduce(into: []) { if let winner = $1 { $0.append(winner) } }
                }
                #expect(winners.count == 1)
                #expect(try await store.get(Bytes("lock\(round)")) == Bytes(winners.first ?? ""))
            }
        }
    }

    @Test("a read sees every commit that another process acknowledged before it")
    func linearizable() async throws {
        try await withWorkers { store, workers in
            var last: UInt64 = 0
            for step in 0..<60 {
                let writer = workers[step % workers.count]
                let answer = try await writer.ask("set k \(step)")
                let revision = answer.split(separator: " ").last.flatMap { UInt64($0) } ?? 0
                #expect(revision > last, "revisions grow across processes")
                last = revision
                #expect(try await store.get("k") == Bytes("\(step)"))
                #expect(try await workers[(step + 1) % workers.count].ask("get k") == "value \(step)")
                try await store.set("k", to: Bytes("mine \(step)"))
                last += 1
                #expect(try await writer.ask("get k") == "value mine \(step)")
            }
        }
    }

    /// Calls `body` with a store of this process and three workers on the same files.
    private func withWorkers(_ body: (any KeyValueStore, [WorkerProcess]) async throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBConfiguration().open(path)
            let workers = try (0..<3).map { _ in try WorkerProcess(.lmdb, path, ["buffered"]) }
            for worker in workers { #expect(await worker.nextLine() == "open") }
            try await body(store, workers)
            for worker in workers { try await worker.quit() }
            try await store.close()
        }
    }
}

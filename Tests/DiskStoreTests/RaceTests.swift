import TestSupport
import KVDS
import KVDSTesting
import Testing

/// Races that no single step shows: many rounds with random choices from a printed seed. Run them under `make tsan`
/// too.
@Suite("Races of disk stores", .timeLimit(.minutes(5)))
struct RaceTests {
    private static let rounds = takesLong ? 400 : 40

    @Test("closing a store finishes while snapshots and scans are being dropped", arguments: disks)
    func closingAgainstDropping(_ backend: DiskBackend) async throws {
        let seed = TestSeed.next
        print("seed of closing against dropping on \(backend): \(seed)")
        try await withTemporaryDirectory { path in
            for round in 0..<Self.rounds {
                var random = SplitMix64(seed: seed &+ UInt64(round))
                let store = try await backend.open(path, durability: .buffered)
                try await store.write { batch in
                    for number in 0..<2_000 { batch.set(Bytes("key\(number)"), to: "value") }
                }
                let turns = (0..<6).map { _ in random.below(40) }
                let closingTurn = random.below(40)
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    for (index, turn) in turns.enumerated() {
                        tasks.addTask {
                            try await ignoringClosed {
                                if index % 2 == 0 {
                                    try await Self.holdSnapshot(of: store, turn)
                                } else {
                                    try await Self.holdScan(of: store, turn)
                                }
                            }
                        }
                    }
                    tasks.addTask {
                        for _ in 0..<closingTurn { await Task.yield() }
                        try await store.close()
                    }
                    try await tasks.waitForAll()
                }
                // Nothing of the store is left, so the same files can be opened immediately.
                let error = try await storeError { _ = try await store.get("key1") }
                #expect(error?.code == .closed)
            }
        }
    }

    private static func holdSnapshot(of store: any KeyValueStore, _ turns: Int) async throws {
        let snapshot = try await store.snapshot()
        for turn in 0..<turns {
            #expect(try await snapshot.get(Bytes("key\(turn)")) == "value")
            await Task.yield()
        }
    }

    private static func holdScan(of store: any KeyValueStore, _ turns: Int) async throws {
        var scan = store.entries().makeAsyncIterator()
        for _ in 0..<turns {
            #expect(try await scan.next()?.value == "value")
            await Task.yield()
        }
    }

    @Test("tasks that open and close one directory never have it open twice", arguments: disks)
    func directoryAgainstFiles(_ backend: DiskBackend) async throws {
        let seed = TestSeed.next
        print("seed of opening against closing on \(backend): \(seed)")
        try await withTemporaryDirectory { path in
            let open = Monitor(0)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for task in 0..<4 {
                    tasks.addTask {
                        var random = SplitMix64(seed: seed &+ UInt64(task))
                        // An attempt that finds the store open does not count as a round.
                        var round = 0
                        while round < Self.rounds {
                            for _ in 0..<random.below(8) { await Task.yield() }
                            let store: any KeyValueStore
                            do throws(StoreError) {
                                store = try await backend.open(path, durability: .buffered)
                            } catch {
                                // RocksDB has its own error message for files that this process has open.
                                #expect(error.code == .storeInUse && error.message.contains("This process"), "\(error)")
                                await Task.yield()
                                continue
                            }
                            round += 1
                            let count = open.withLock { count -> Int in
                                count += 1
                                return count
                            }
                            #expect(count == 1, "the store is open twice")
                            try await store.set(Bytes("task\(task)"), to: Bytes("\(round)"))
                            open.withLock { $0 -= 1 }
                            try await store.close()
                        }
                    }
                }
                try await tasks.waitForAll()
            }
        }
    }

    @Test("many tasks that read and scan one snapshot each see all of it", arguments: disks)
    func oneSnapshot(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            let store = try await backend.open(path, durability: .buffered)
            try await store.write { batch in
                for number in 0..<3_000 { batch.set(Bytes("key\(10_000 + number)"), to: Bytes("\(number)")) }
            }
            let snapshot = try await store.snapshot()
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for task in 0..<4 {
                    tasks.addTask { try await Self.readFourth(task, of: snapshot) }
                    tasks.addTask {
                        let order: ScanOrder = task % 2 == 0 ? .forward : .reverse
                        let count = try await snapshot.list(order: order).count
                        #expect(count == 3_000)
                    }
                }
                try await tasks.waitForAll()
            }
            snapshot.close()
            try await store.close()
        }
    }

    private static func readFourth(_ first: Int, of snapshot: any StoreSnapshot) async throws {
        for number in stride(from: first, to: 3_000, by: 4) {
            let value = try await snapshot.get(Bytes("key\(10_000 + number)"))
            #expect(value == Bytes("\(number)"))
        }
    }
}

/// Calls `body` and ignores `.closed`, because the store may be closed in the meantime.
private func ignoringClosed(_ body: () async throws -> Void) async throws {
    let error = try await storeError(body)
    #expect(error == nil || error?.code == .closed, "\(error.map { "\($0)" } ?? "")")
}

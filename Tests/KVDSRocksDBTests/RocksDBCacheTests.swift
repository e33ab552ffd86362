import CRocksDB
import TestSupport
import KVDS
import Testing

@testable import KVDSRocksDB

@Suite("RocksDB's block cache", .timeLimit(.minutes(5)))
struct RocksDBCacheTests {
    private static let count = 5_000

    @Test("a finished read or scan keeps no block pinned in RocksDB's cache")
    func pinned() async throws {
        try await withTemporaryDirectory { path in
            let configuration = try await fill(path)
            let cache = configuration.blockCache
            let store = try await open(configuration, path)
            let before = unsafe rocksdb_cache_get_pinned_usage(cache.pointer)
            for index in stride(from: 0, to: Self.count, by: 50) {
                #expect(try await store.get(key(index)) == value(index))
                #expect(try await store.exists(key(index)))
            }
            #expect(await Self.pinnedBytes(of: cache, become: before), "after reads")
            for order in [ScanOrder.forward, .reverse] {
                for try await _ in store.entries(in: .all, order: order, limit: nil) { break }
            }
            #expect(await Self.pinnedBytes(of: cache, become: before), "after scans")
            try await store.close()
        }
    }

    /// A thread that has read a page may hold the scan slightly longer than the task that left it.
    private static func pinnedBytes(of cache: RocksDBBlockCache, become count: Int) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(20)
        while unsafe rocksdb_cache_get_pinned_usage(cache.pointer) != count {
            if .now > deadline { return false }
            await Task.yield()
        }
        return true
    }

    @Test(
        "a scan continues from cached blocks to blocks on disk without gaps or repetitions",
        arguments: [ScanOrder.forward, .reverse])
    func cachedAndCold(_ order: ScanOrder) async throws {
        try await withTemporaryDirectory { path in
            let engine = try RocksDBEngine(path: path, configuration: await fill(path))
            let expected = (0..<Self.count).map(key)
            // One block of the entries is in memory.
            #expect(try engine.get(order == .forward ? key(0) : key(Self.count - 1), mayBlock: true) != nil)
            do {
                let cursor = try engine.makeSnapshot().makeCursor(in: .all, order: order)
                let cached = try fill(from: cursor, mayBlock: false)
                #expect(!cached.isComplete)
                #expect(cached.keys.count > 0 && cached.keys.count < Self.count, "\(cached.keys.count)")
                let error = #expect(throws: EngineError.self) { try fill(from: cursor, mayBlock: false) }
                guard case .wouldBlock = error else { throw try #require(error) }
                let cold = try fill(from: cursor, mayBlock: true)
                #expect(cold.isComplete)
                #expect(cached.keys + cold.keys == (order == .forward ? expected : expected.reversed()))
            }
            try engine.close()
        }
    }

    @Test("the change feed delivers previous values from files that are not open")
    func previousValues() async throws {
        try await withTemporaryDirectory { path in
            let configuration = try await fillFewOpenFiles(path)
            for round in 0..<7 {
                // Reopened each time, so that no file is open yet.
                let store = try await open(configuration, path)
                var events = store.changes(options: ChangeOptions(previousValues: true)).makeAsyncIterator()
                // The first write makes the remaining reads go through the batch.
                try await store.write { batch in
                    batch.set("first", to: "1")
                    for file in 0..<10 { batch.set(key(file * 1_000 + round), to: "new") }
                    batch.set(key(20_000 + round), to: "new")
                }
                guard case .commit(_, let changes)? = try await events.next() else {
                    Issue.record("the commit was not delivered")
                    return
                }
                #expect(changes.count == 12)
                func previous(_ key: Bytes) -> Bytes? { changes.first { $0.key == key }?.previous }
                for file in 0..<10 { #expect(previous(key(file * 1_000 + round)) == value(file)) }
                #expect(previous(key(20_000 + round)) == nil)
                let first: Bytes? = round == 0 ? nil : "1"
                #expect(previous("first") == first)
                try await store.close()
            }
        }
    }

    @Test("a transaction that must not block takes no value in an unopened file for an empty one")
    func unopenedFile() async throws {
        try await withTemporaryDirectory { path in
            let configuration = try await fillFewOpenFiles(path)
            let engine = try RocksDBEngine(path: path, configuration: configuration)
            let transaction = try engine.beginTransaction(readsOwnWrites: true, mayBlock: false)
            try transaction.set("first", to: "1")
            var unknown = 0
            for round in 0..<7 {
                for file in 0..<10 {
                    do throws(EngineError) {
                        let found = try transaction.get(key(file * 1_000 + round))
                        #expect(found == value(file))
                    } catch {
                        guard case .wouldBlock = error else { throw error }
                        unknown += 1
                    }
                }
            }
            #expect(unknown > 0)
            transaction.abort()
            try engine.close()
        }
    }

    @Test("a block cache with a negative capacity holds nothing")
    func negative() {
        let cache = RocksDBBlockCache(capacity: -1)
        #expect(unsafe rocksdb_cache_get_capacity(cache.pointer) == 0)
    }

    /// Returns the keys of a filled page.
    private func fill(from cursor: RocksDBCursor, mayBlock: Bool) throws -> (keys: [Bytes], isComplete: Bool) {
        var page = EntryPage.Builder(capacity: 8 << 20)
        let isComplete = try cursor.fill(&page, mayBlock: mayBlock)
        return (page.finish()?.map(\.key) ?? [], isComplete)
    }

    private func open(_ configuration: RocksDBConfiguration, _ path: String) async throws -> RocksDBStore {
        let store = try await Backend.rocksDB(configuration).open(at: path, configuration: .init(durability: .buffered))
        return try #require(store as? RocksDBStore)
    }

    /// Writes 70 entries to seven files.
    ///
    /// - Returns: settings with so few open files that only a fraction of them is opened with the store.
    private func fillFewOpenFiles(_ path: String) async throws -> RocksDBConfiguration {
        let configuration = RocksDBConfiguration(bloomBitsPerKey: 0, maximumOpenFiles: 20)
        for round in 0..<7 {
            let store = try await open(configuration, path)
            for file in 0..<10 { try await store.set(key(file * 1_000 + round), to: value(file)) }
            try await store.close()
        }
        return configuration
    }

    /// Makes a store whose entries are in one file.
    ///
    /// - Returns: a configuration with an empty cache.
    private func fill(_ path: String) async throws -> RocksDBConfiguration {
        for round in 0..<2 {
            let store = try await open(RocksDBConfiguration(), path)
            if round == 0 {
                try await store.write { batch in
                    for index in 0..<Self.count { batch.set(key(index), to: value(index)) }
                }
            }
            // When the store is opened again, its log is written to a file.
            try await store.close()
        }
        return RocksDBConfiguration(blockCache: RocksDBBlockCache(capacity: 8 << 20))
    }
}

private func key(_ index: Int) -> Bytes { Bytes("key \(index + 10_000)") }
private func value(_ index: Int) -> Bytes { Bytes("\(index)".utf8 + Array(repeating: 7, count: 200)) }

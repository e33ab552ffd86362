import CRocksDB
import DiskTestSupport
import KVDS
import Testing

@testable import KVDSRocksDB

@Suite("RocksDB's cache of blocks", .timeLimit(.minutes(5)))
struct RocksDBCacheTests {
    private static let count = 5_000

    @Test("a read or a scan that is over keeps no block in RocksDB's cache from being thrown away")
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

    /// A thread that has read a page holds the scan for a moment longer than the one who has left it.
    private static func pinnedBytes(of cache: RocksDBBlockCache, become count: Int) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(20)
        while unsafe rocksdb_cache_get_pinned_usage(cache.pointer) != count {
            if .now > deadline { return false }
            await Task.yield()
        }
        return true
    }

    @Test(
        "a scan goes on from the blocks in memory to those on disk without a gap or a repetition",
        arguments: [ScanOrder.forward, .reverse])
    func cachedAndCold(_ order: ScanOrder) async throws {
        try await withTemporaryDirectory { path in
            let engine = try RocksDBEngine(path: path, configuration: await fill(path))
            let expected = (0..<Self.count).map(key)
            // One block of them is in memory.
            #expect(try engine.get(order == .forward ? key(0) : key(Self.count - 1), mayBlock: true) != nil)
            do {
                let cursor = try engine.makeSnapshot().makeCursor(in: .all, order: order)
                let cached = try fill(from: cursor, mayBlock: false)
                #expect(!cached.isComplete)
                #expect(cached.keys.count > 0 && cached.keys.count < Self.count, "\(cached.keys.count)")
                #expect(throws: StoreError.self) { try fill(from: cursor, mayBlock: false) }
                let cold = try fill(from: cursor, mayBlock: true)
                #expect(cold.isComplete)
                #expect(cached.keys + cold.keys == (order == .forward ? expected : expected.reversed()))
            }
            try engine.close()
        }
    }

    @Test("the feed tells previous values that are in a file which is not open")
    func previousValues() async throws {
        try await withTemporaryDirectory { path in
            // So few open files that only a fraction of them is opened with the store.
            let configuration = RocksDBConfiguration(bloomBitsPerKey: 0, maximumOpenFiles: 20)
            for round in 0..<7 {
                let store = try await open(configuration, path)
                for file in 0..<10 { try await store.set(key(file * 1_000 + round), to: value(file)) }
                try await store.close()
            }
            for round in 0..<7 {
                // Opened anew each time, so that nothing is open yet.
                let store = try await open(configuration, path)
                var events = store.changes(options: ChangeOptions(previousValues: true)).makeAsyncIterator()
                // What comes first makes the rest be read through the batch.
                try await store.write { batch in
                    batch.set("first", to: "1")
                    for file in 0..<10 { batch.set(key(file * 1_000 + round), to: "new") }
                    batch.set(key(20_000 + round), to: "new")
                }
                guard case .commit(_, let changes)? = try await events.next() else {
                    Issue.record("the commit was not told")
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

    @Test("a transaction that does not wait takes no value that is in a file which is not open for an empty one")
    func unopenedFile() async throws {
        try await withTemporaryDirectory { path in
            let configuration = RocksDBConfiguration(bloomBitsPerKey: 0, maximumOpenFiles: 20)
            for round in 0..<7 {
                let store = try await open(configuration, path)
                for file in 0..<10 { try await store.set(key(file * 1_000 + round), to: value(file)) }
                try await store.close()
            }
            let engine = try RocksDBEngine(path: path, configuration: configuration)
            let transaction = try engine.beginTransaction(readsOwnWrites: true, mayBlock: false)
            try transaction.set("first", to: "1")
            var unknown = 0
            for round in 0..<7 {
                for file in 0..<10 {
                    do throws(StoreError) {
                        let found = try transaction.get(key(file * 1_000 + round))
                        #expect(found == value(file))
                    } catch {
                        #expect(error.code == .wouldBlock)
                        unknown += 1
                    }
                }
            }
            #expect(unknown > 0)
            transaction.abort()
            try engine.close()
        }
    }

    @Test("a cache of a negative capacity holds nothing")
    func negative() {
        let cache = RocksDBBlockCache(capacity: -1)
        #expect(unsafe rocksdb_cache_get_capacity(cache.pointer) == 0)
    }

    /// The keys of what a page takes.
    private func fill(from cursor: RocksDBCursor, mayBlock: Bool) throws -> (keys: [Bytes], isComplete: Bool) {
        var page = EntryPage.Builder(capacity: 8 << 20)
        let isComplete = try cursor.fill(&page, mayBlock: mayBlock)
        return (page.finish()?.map(\.key) ?? [], isComplete)
    }

    private func open(_ configuration: RocksDBConfiguration, _ path: String) async throws -> RocksDBStore {
        let store = try await Backend.rocksDB(configuration).open(at: path, configuration: .init(durability: .buffered))
        return try #require(store as? RocksDBStore)
    }

    /// Makes a store whose entries are in one file.
    ///
    /// - Returns: settings with a cache that holds none of them yet.
    private func fill(_ path: String) async throws -> RocksDBConfiguration {
        for round in 0..<2 {
            let store = try await open(RocksDBConfiguration(), path)
            if round == 0 {
                try await store.write { batch in
                    for index in 0..<Self.count { batch.set(key(index), to: value(index)) }
                }
            }
            // What was in the log is written to a file when it is opened again.
            try await store.close()
        }
        return RocksDBConfiguration(blockCache: RocksDBBlockCache(capacity: 8 << 20))
    }
}

private func key(_ index: Int) -> Bytes { Bytes("key \(index + 10_000)") }
private func value(_ index: Int) -> Bytes { Bytes("\(index)".utf8 + Array(repeating: 7, count: 200)) }

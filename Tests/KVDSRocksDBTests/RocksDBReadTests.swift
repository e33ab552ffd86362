import KVDSTesting
import TestSupport
import KVDS
import KVDSRocksDB
import Testing

@Suite("A RocksDB store", .timeLimit(.minutes(5)))
struct RocksDBReadTests {
    @Test("gets and scans in both directions read uncached blocks from the disk")
    func coldReads() async throws {
        try await withTemporaryDirectory { path in
            // No block and hardly any write stays in memory.
            let cold = RocksDBConfiguration(blockCache: RocksDBBlockCache(capacity: 0), writeBufferSize: 64 << 10)
            try await fill(cold, path)
            let engine = try RocksDBEngine(path: path, configuration: cold)
            #expect(throws: EngineError.self) { try engine.get(key(7), mayBlock: false) }
            #expect(throws: EngineError.self) {
                var page = EntryPage.Builder(capacity: 4096)
                _ = try engine.makeSnapshot().makeCursor(in: .all, order: .forward).fill(&page, mayBlock: false)
            }
            try engine.close()

            let store = try await open(cold, path)
            try await withThrowingTaskGroup(of: Bool.self) { tasks in
                for task in 0..<8 {
                    tasks.addTask {
                        for index in stride(from: task, to: 5_000, by: 37) {
                            guard try await store.get(key(index)) == value(index) else { return false }
                            guard try await store.exists(Bytes("no \(index)")) == false else { return false }
                        }
                        return try await store.list(KeyRange(key(100)..<key(300))).map(\.key) == (100..<300).map(key)
                    }
                }
                for try await isRight in tasks { #expect(isRight) }
            }
            #expect(try await store.list() == (0..<5_000).map { Entry(key: key($0), value: value($0)) })
            #expect(try await store.list(order: .reverse).map(\.key) == (0..<5_000).reversed().map(key))
            #expect(try await store.get([key(1), "none", key(4_999)]) == [value(1), nil, value(4_999)])
            // Conditions and range deletions need the disk as well, so the buffered commit is queued.
            #expect(try await store.compareAndSwap(key(5), expected: value(5), new: "new"))
            try await store.delete(in: KeyRange(key(10)..<key(4_990)))
            #expect(try await store.count() == 20)
            try await store.close()
        }
    }

    /// If RocksDB has not opened a table file and must not block to open it, a get returns "found" with an empty value,
    /// which means "maybe". After reopening, a store of many files returned empty values for existing and for absent
    /// keys.
    @Test("a read never takes a file that is not open for an empty value")
    func unopenedFiles() async throws {
        try await withTemporaryDirectory { path in
            // So few open files that only a fraction of them is opened with the store.
            let configuration = RocksDBConfiguration(bloomBitsPerKey: 0, maximumOpenFiles: 20)
            for round in 0..<7 {
                let store = try await open(configuration, path)
                for file in 0..<10 { try await store.set(key(file * 1_000 + round), to: round == 2 ? "" : value(file)) }
                try await store.close()
            }
            for round in 0..<7 {
                // Reopened each time, so that no file is open yet.
                let store = try await open(configuration, path)
                for file in 0..<10 {
                    #expect(try await store.get(key(file * 1_000 + round)) == (round == 2 ? "" : value(file)))
                    #expect(try await store.get(key(file * 1_000 + round + 100)) == nil)
                    #expect(
                        try await store.compareAndSwap(key(file * 1_000 + round + 101), expected: "", new: "wrong")
                            == false)
                    let length = try await store.withValue(for: key(file * 1_000 + round)) { (bytes: RawSpan) in
                        bytes.byteCount
                    }
                    #expect(length == (round == 2 ? 0 : value(file).count))
                }
                try await store.close()
            }
        }
    }

    @Test("buffered batches are committed on the caller's thread, without a hop", .enabled(if: Tool.canTrace))
    func noHop() async throws {
        try await withTemporaryDirectory { path in
            let trace = ["strace", "-f", "-o", "\(path)/trace", "-e", "trace=write"]
            let worker = try WorkerProcess(.rocksdb, "\(path)/store", ["buffered"], under: trace)
            #expect(await worker.nextLine() == "open")
            try worker.send("batches 100")
            while let line = await worker.nextLine(), line != "done" {}
            try await worker.quit()
            // The thread that wrote to the log must be the one that continues the task.
            var lines = try #require(contents(of: path)["trace"]).split(separator: UInt8(ascii: "\n")).map {
                String(decoding: $0, as: UTF8.self)
            }
            lines.removeFirst(try #require(lines.firstIndex { $0.contains("write(1, \"open") }))
            let same = zip(lines, lines.dropFirst()).count { log, ack in
                ack.contains("write(1, \"ack") && log.prefix { $0 != " " } == ack.prefix { $0 != " " }
            }
            #expect(same >= 90, "\(same) of 100 commits were made by the task's own thread")
        }
    }

    @Test(
        "a RocksDB store of a newer format is refused with advice to upgrade and keeps its entries",
        .enabled(if: Tool.isInstalled("ldb")))
    func newer() async throws {
        try await withTemporaryDirectory { path in
            let store = try await DiskBackend.rocksdb.open(path)
            try await store.set("a", to: "1")
            try await store.close()
            let put = ["--db=\(path)", "--column_family=kvds", "--hex", "put", "0x666F726D6174"]
            try Tool.run("ldb", put + ["0x0000000000000002"])
            for _ in 0..<2 {
                let error = try await storeError { _ = try await DiskBackend.rocksdb.open(path) }
                #expect(error?.code == .newerFormat)
                #expect(error?.advice == .upgrade)
            }
            try Tool.run("ldb", put + ["0x0000000000000001"])
            let again = try await DiskBackend.rocksdb.open(path)
            #expect(try await again.get("a") == "1")
            try await again.close()
        }
    }

    @Test(
        "a RocksDB database of another program is refused and keeps its entries", .enabled(if: Tool.isInstalled("ldb")))
    func foreign() async throws {
        try await withTemporaryDirectory { path in
            try Tool.run("ldb", ["--db=\(path)", "--create_if_missing", "put", "theirs", "1"])
            let error = try await storeError { _ = try await DiskBackend.rocksdb.open(path) }
            #expect(error?.code == .foreignFormat)
            #expect(try Tool.run("ldb", ["--db=\(path)", "get", "theirs"]).contains("1"))
        }
    }

    @Test("a RocksDB store open in another process throws .storeInUse until that process is killed")
    func otherProcess() async throws {
        try await withTemporaryDirectory { path in
            let worker = try WorkerProcess(.rocksdb, path)
            #expect(await worker.nextLine() == "open")
            #expect(try await worker.ask("set k v").hasPrefix("revision"))
            let error = try await storeError { _ = try await DiskBackend.rocksdb.open(path) }
            #expect(error?.code == .storeInUse)
            #expect(error?.advice == .inUse)
            #expect(error?.store == path)
            worker.crash()
            #expect(await worker.nextLine() == nil)
            let store = try await DiskBackend.rocksdb.open(path)
            #expect(try await store.get("k") == "v")
            try await store.close()
        }
    }

    private func open(_ configuration: RocksDBConfiguration, _ path: String) async throws -> RocksDBStore {
        let store = try await Backend.rocksDB(configuration).open(at: path, configuration: .init(durability: .buffered))
        return try #require(store as? RocksDBStore)
    }

    private func fill(_ configuration: RocksDBConfiguration, _ path: String) async throws {
        let store = try await open(configuration, path)
        for first in stride(from: 0, to: 5_000, by: 100) {
            try await store.write { batch in
                for index in first..<first + 100 { batch.set(key(index), to: value(index)) }
            }
        }
        try await store.close()
    }
}

private func key(_ index: Int) -> Bytes { Bytes("key \(index + 10_000)") }
private func value(_ index: Int) -> Bytes { Bytes("\(index)".utf8 + Array(repeating: 7, count: 200)) }

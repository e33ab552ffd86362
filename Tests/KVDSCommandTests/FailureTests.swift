#if Command
import TestSupport
import Foundation
import KVDS
import KVDSTesting
import Testing

@Suite("Commands that fail", .serialized, .timeLimit(.minutes(5)))
struct FailureTests {
    @Test("a failed export leaves no partial file and keeps the existing file")
    func export() async throws {
        try await withTemporaryDirectory { path in
            try await makeDamagedStore("\(path)/store")
            let file = "\(path)/out.tsv"
            try write(Array("before".utf8), to: file)
            let ending = try KvdsProcess.finish("export", file, "--store", "rocksdb:\(path)/store")
            #expect(ending.code == 2 && ending.error.contains("restore a backup"), "\(ending.summary)")
            #expect(names(at: path) == ["out.tsv", "store"])
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data("before".utf8))
        }
    }

    @Test("a failed backup leaves no copy and keeps the existing directory")
    func backup() async throws {
        try await withTemporaryDirectory { path in
            try await makeDamagedStore("\(path)/store")
            let store = "rocksdb:\(path)/store"
            let missing = try KvdsProcess.finish("backup", "\(path)/copy", "--store", store)
            #expect(missing.code == 2 && missing.error.contains("restore a backup"), "\(missing.summary)")
            #expect(names(at: path) == ["store"])

            try FileManager.default.createDirectory(atPath: "\(path)/copy", withIntermediateDirectories: false)
            let empty = try KvdsProcess.finish("backup", "\(path)/copy", "--store", store)
            #expect(empty.code == 2 && empty.error.contains("restore a backup"), "\(empty.summary)")
            #expect(names(at: path) == ["copy", "store"])
            #expect(names(at: "\(path)/copy").isEmpty)
        }
    }

    @Test("kvds verify reports a corrupt store as corrupt, not as unreadable")
    func verify() async throws {
        try await withTemporaryDirectory { path in
            try await makeDamagedStore("\(path)/store")
            let ending = try KvdsProcess.finish("verify", "--store", "rocksdb:\(path)/store")
            #expect(ending.code == 2 && ending.error.hasPrefix("kvds: The store is corrupt: "), "\(ending.summary)")
        }
    }

    @Test("kvds verify ends as soon as its reading process ends")
    func verifyEnds() throws {
        try KvdsProcess.withStore { store, _ in
            let ending = try RunningProcess(["verify", "--store", store], limit: .seconds(60)).end()
            #expect(ending.code == 0 && ending.text == "sound: 1 entries\n", "\(ending.summary)")
        }
    }

    @Test("kvds backup accepts an empty directory and leaves any other target unchanged")
    func place() async throws {
        try await withTemporaryDirectory { path in
            let store = "lmdb:\(path)/store"
            try KvdsProcess.succeed("set", "a", "1", "--store", store)
            try write(Array("mine".utf8), to: "\(path)/file")
            for name in ["empty", "full"] {
                try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: false)
            }
            try write(Array("mine".utf8), to: "\(path)/full/file")
            for name in ["file", "full"] {
                let ending = try KvdsProcess.finish("backup", "\(path)/\(name)", "--store", store)
                #expect(ending.code == 2 && ending.error.contains("is in use already"), "\(name): \(ending.summary)")
            }
            let kept = try contents(of: path).filter { $0.value == Data("mine".utf8) }.keys
            #expect(kept.sorted() == ["file", "full/file"])
            let ending = try KvdsProcess.finish("backup", "\(path)/empty", "--store", store)
            #expect(ending.code == 0, "\(ending.summary)")
        }
    }

    /// Makes a RocksDB store with an unreadable block in the middle.
    private func makeDamagedStore(_ path: String) async throws {
        var random = SplitMix64(seed: 11)
        var batch = WriteBatch()
        for index in 0..<2_000 { batch.set(Bytes("key \(10_000 + index)"), to: random.bytes(500...500)) }
        let store = try await DiskBackend.rocksdb.open(path, durability: .buffered)
        try await store.commit(batch)
        try await store.close()
        // When the store is opened again, its log is written out as a table.
        try await DiskBackend.rocksdb.open(path).close()
        let tables = names(at: path).filter { $0.hasSuffix(".sst") }.map { "\(path)/\($0)" }
        let files = try tables.map { ($0, try Data(contentsOf: URL(fileURLWithPath: $0))) }
        let (table, content) = try #require(files.max { $0.1.count < $1.1.count })
        try #require(content.count > 500_000)
        var bytes = content
        let middle = bytes.count / 2
        for at in middle..<middle + 64 { bytes[at] ^= 0xFF }
        try write(bytes, to: table)
    }
}
#endif

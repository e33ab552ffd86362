import CRocksDB
import DiskTestSupport
import Foundation
import KVDS
import Testing

@Suite("What is no RocksDB store, and what is to become one", .timeLimit(.minutes(2)))
struct RocksDBForeignTests {
    @Test(
        "a RocksDB database of another program is refused, and nothing in its directory changes",
        .enabled(if: Tool.isInstalled("ldb")))
    func foreign() async throws {
        try await withTemporaryDirectory { path in
            // Its only entry is in the log.
            try Tool.run("ldb", ["--db=\(path)", "--create_if_missing", "put", "theirs", "1"])
            try await expectRefusal(path, changesNothing: true)
        }
    }

    @Test(
        "a RocksDB database with entries that does not say its format is refused, and keeps them",
        .enabled(if: Tool.isInstalled("ldb")))
    func withoutFormat() async throws {
        try await withTemporaryDirectory { path in
            try Tool.run("ldb", ["--db=\(path)", "--create_if_missing", "put", "theirs", "1"])
            try Tool.run("ldb", ["--db=\(path)", "create_column_family", "kvds"])
            try await expectRefusal(path, changesNothing: false)
        }
    }

    @Test("what a process leaves that died while it made a RocksDB store keeps nobody from making it")
    func remnants() async throws {
        try await withTemporaryDirectory { path in
            for name in ["LOCK", "LOG", "MANIFEST-000001", "000001.dbtmp"] { try write([7], to: "\(path)/\(name)") }
            try await expectUsable(path)
        }
    }

    @Test("a RocksDB database that was made and holds nothing yet becomes a store")
    func empty() async throws {
        try await withTemporaryDirectory { path in
            try makeDatabase(path)
            try await expectUsable(path)
        }
    }

    private func expectRefusal(_ path: String, changesNothing: Bool) async throws {
        let before = try contents(of: path)
        let error = try await storeError { try await DiskBackend.rocksdb.open(path).close() }
        #expect(error?.code == .foreignFormat, "\(error as Any)")
        if changesNothing { #expect(try contents(of: path) == before) }
        #expect(try Tool.run("ldb", ["--db=\(path)", "get", "theirs"]).contains("1"))
    }

    private func expectUsable(_ path: String) async throws {
        for number in 1...2 {
            let store = try await DiskBackend.rocksdb.open(path)
            #expect(try await store.count() == number - 1)
            #expect(try await store.set(Bytes("\(number)"), to: "1").revision?.rawValue == UInt64(number))
            try await store.close()
        }
    }

    /// Makes a database with the default column family alone, as RocksDB does before it makes a second.
    private func makeDatabase(_ path: String) throws {
        let options: OpaquePointer = unsafe rocksdb_options_create()
        defer { unsafe rocksdb_options_destroy(options) }
        unsafe rocksdb_options_set_create_if_missing(options, 1)
        var error: UnsafeMutablePointer<CChar>?
        let database = unsafe rocksdb_open(options, path, &error)
        try #require(unsafe error == nil)
        unsafe rocksdb_close(database)
    }
}

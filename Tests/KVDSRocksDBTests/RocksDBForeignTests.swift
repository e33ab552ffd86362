import CRocksDB
import TestSupport
import Foundation
import KVDS
import Testing

@Suite("RocksDB databases that are not stores", .timeLimit(.minutes(2)))
struct RocksDBForeignTests {
    @Test(
        "a RocksDB database of another program is refused, and its directory is unchanged",
        .enabled(if: Tool.isInstalled("ldb")))
    func foreign() async throws {
        try await withForeignDatabase { path in
            try await expectRefusal(path, changesNothing: true)
        }
    }

    @Test(
        "a RocksDB database with entries but no format is refused and keeps its entries",
        .enabled(if: Tool.isInstalled("ldb")))
    func withoutFormat() async throws {
        try await withForeignDatabase { path in
            try Tool.run("ldb", ["--db=\(path)", "create_column_family", "kvds"])
            try await expectRefusal(path, changesNothing: false)
        }
    }

    @Test("leftovers of a crashed RocksDB store creation do not prevent a new one")
    func remnants() async throws {
        try await withTemporaryDirectory { path in
            for name in ["LOCK", "LOG", "MANIFEST-000001", "000001.dbtmp"] { try write([7], to: "\(path)/\(name)") }
            try await expectUsable(path)
        }
    }

    @Test("an empty RocksDB database becomes a store")
    func empty() async throws {
        try await withTemporaryDirectory { path in
            try makeDatabase(path)
            try await expectUsable(path)
        }
    }

    /// Calls `body` with the path of a database of another program. Its only entry is in the log.
    private func withForeignDatabase(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            try Tool.run("ldb", ["--db=\(path)", "--create_if_missing", "put", "theirs", "1"])
            try await body(path)
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

    /// Makes a database with only the default column family, like RocksDB before it makes a second one.
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

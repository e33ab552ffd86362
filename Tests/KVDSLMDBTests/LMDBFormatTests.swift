import CLMDB
import TestSupport
import Foundation
import KVDS
import Testing

@Suite("The format of LMDB stores", .timeLimit(.minutes(5)))
struct LMDBFormatTests {
    @Test("a newer LMDB store format is refused with advice to upgrade, and nothing changes")
    func newer() async throws {
        try await withTemporaryDirectory { path in
            try await makeStore(path)
            try unsafe change(path) { transaction in
                try unsafe put("format", [0, 0, 0, 0, 0, 0, 0, 2], in: "kvds", transaction)
            }
            let error = try await expectRefusal(of: path, .newerFormat)
            #expect(error?.advice == .upgrade)
            #expect(error?.message.contains("newer") == true)
            #expect(
                try await storeError { _ = try await DiskBackend.lmdb.open(path) }?.code == .newerFormat,
                "the files were let go")
        }
    }

    /// One changed byte of a meta page made opening the store list a billion pages.
    @Test("an LMDB file that claims far more pages than it has is refused as corrupt at once")
    func wrongLength() async throws {
        try await withTemporaryDirectory { path in
            try await makeStore(path)
            var file = try #require(contents(of: path)["data.mdb"])
            // The number of the last page, eight bytes little-endian, in each of the two meta pages.
            for page in 0..<2 { file[page * 4_096 + 136 + 3] = 70 }
            try write(file, to: "\(path)/data.mdb")
            try await expectRefusal(of: path, .corrupt)
        }
    }

    /// A process that died while it made the file of a new store left a file that no process could open.
    @Test(
        "a leftover of a crashed LMDB store creation is removed and does not prevent a new one",
        arguments: [0, 100, 8_192])
    func remnant(_ length: Int) async throws {
        try await withTemporaryDirectory { path in
            try write(Array(repeating: 7, count: length), to: "\(path)/data.mdb.new-1-1")
            for _ in 0..<2 {
                let store = try await DiskBackend.lmdb.open(path)
                #expect(names(at: path) == ["data.mdb", "lock.mdb"])
                try await store.set("a", to: "1")
                try await store.close()
                try write([7], to: "\(path)/data.mdb.new-1-2")
            }
        }
    }

    @Test("the files of another LMDB program are refused, and nothing changes", arguments: ["named", "plain"])
    func foreign(_ kind: String) async throws {
        try await withTemporaryDirectory { path in
            try unsafe change(path) { transaction in
                try unsafe put("theirs", [1], in: kind == "named" ? "somebody" : nil, transaction)
            }
            try await expectRefusal(of: path, .foreignFormat)
        }
    }

    @Test("LMDB files without a format entry are refused, and nothing changes")
    func withoutFormat() async throws {
        try await withTemporaryDirectory { path in
            try await DiskBackend.lmdb.open(path).close()
            try unsafe change(path) { transaction in
                var handle: MDB_dbi = 0
                try #require(unsafe mdb_dbi_open(transaction, "kvds", 0, &handle) == 0)
                var key = Array("format".utf8)
                let code = unsafe key.withUnsafeMutableBytes { key in
                    var key = unsafe MDB_val(mv_size: key.count, mv_data: key.baseAddress)
                    return unsafe mdb_del(transaction, handle, &key, nil)
                }
                try #require(code == 0)
            }
            try await expectRefusal(of: path, .foreignFormat)
        }
    }

    @Test("opening files of another LMDB version throws .newerFormat and changes nothing")
    func otherLMDB() async throws {
        try await withTemporaryDirectory { path in
            try await DiskBackend.lmdb.open(path).close()
            var file = try #require(contents(of: path)["data.mdb"])
            // The version of the data, four bytes little-endian, in each of the two meta pages.
            for page in 0..<2 { file[page * 4_096 + 20] = 77 }
            try write(file, to: "\(path)/data.mdb")
            let error = try await expectRefusal(of: path, .newerFormat)
            #expect(error?.advice == .upgrade)
        }
    }

    private func makeStore(_ path: String) async throws {
        let store = try await DiskBackend.lmdb.open(path)
        try await store.set("a", to: "1")
        try await store.close()
    }

    /// Expects that the files at `path` cannot be opened, and that trying it changes nothing.
    @discardableResult
    private func expectRefusal(of path: String, _ code: StoreError.Code) async throws -> StoreError? {
        let before = try contents(of: path)["data.mdb"]
        let error = try await storeError { _ = try await DiskBackend.lmdb.open(path) }
        #expect(error?.code == code, "\(error as Any)")
        #expect(try contents(of: path)["data.mdb"] == before)
        return error
    }

    /// Commits a transaction with LMDB's own functions in the files at `path`.
    private func change(_ path: String, _ body: (OpaquePointer?) throws -> Void) throws {
        var environment: OpaquePointer?
        var transaction: OpaquePointer?
        unsafe mdb_env_create(&environment)
        defer { unsafe mdb_env_close(environment) }
        unsafe mdb_env_set_maxdbs(environment, 4)
        try #require(unsafe mdb_env_open(environment, path, 0, 0o600) == 0)
        try #require(unsafe mdb_txn_begin(environment, nil, 0, &transaction) == 0)
        try unsafe body(transaction)
        try #require(unsafe mdb_txn_commit(transaction) == 0)
    }

    private func put(_ key: String, _ value: [UInt8], in database: String?, _ transaction: OpaquePointer?) throws {
        var handle: MDB_dbi = 0
        try #require(unsafe mdb_dbi_open(transaction, database, UInt32(MDB_CREATE), &handle) == 0)
        var keyBytes = Array(key.utf8)
        var valueBytes = value
        let code = unsafe keyBytes.withUnsafeMutableBytes { key in
            unsafe valueBytes.withUnsafeMutableBytes { value in
                var key = unsafe MDB_val(mv_size: key.count, mv_data: key.baseAddress)
                var value = unsafe MDB_val(mv_size: value.count, mv_data: value.baseAddress)
                return unsafe mdb_put(transaction, handle, &key, &value, 0)
            }
        }
        try #require(code == 0)
    }
}

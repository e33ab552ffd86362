import KVDSTesting
import TestSupport
import Foundation
import KVDS
import Testing

@Suite("Damaged LMDB files", .timeLimit(.minutes(1)))
struct LMDBDamageTests {
    @Test("every call throws .corrupt at a missing page, and none takes it for the end of the data")
    func lostRoot() async throws {
        try await withTemporaryDirectory { path in
            let sound = try await DiskBackend.lmdb.open(path)
            for index in 0..<50 { try await sound.set(Bytes("\(index)"), to: Bytes(repeating: 1, count: 1_000)) }
            try await sound.close()
            try loseRoot(of: "\(path)/data.mdb")

            let store = try await DiskBackend.lmdb.open(path)
            try await expectCorrupt("get") { _ = try await store.get("1") }
            try await expectCorrupt("withValue") { _ = try await store.exists("1") }
            try await expectCorrupt("a scan") { _ = try await store.list() }
            try await expectCorrupt("a scan in reverse") { _ = try await store.list(order: .reverse) }
            try await expectCorrupt("a scan of a range") { _ = try await store.list(.prefix("4")) }
            try await expectCorrupt("verify") { _ = try await store.verify { _ in } }
            try await expectCorrupt("statistics") { _ = try await store.statistics() }
            try await expectCorrupt("set") { try await store.set("1", to: "2") }
            try await expectCorrupt("delete") { try await store.delete("1") }
            try await expectCorrupt("delete of a range") { try await store.delete(in: .prefix("4")) }
            try await expectCorrupt("delete of everything") { try await store.delete(in: .all) }
            try await expectCorrupt("a condition") { _ = try await store.setIfAbsent("1", to: "2") }
            let snapshot = try await store.snapshot()
            try await expectCorrupt("get of a snapshot") { _ = try await snapshot.get("1") }
            snapshot.close()
            try await store.close()
        }
    }

    /// Sets the root page of the entries' database to a page beyond the end of the file.
    private func loseRoot(of path: String) throws {
        var file = try Data(contentsOf: URL(fileURLWithPath: path))
        var count = 0
        var rest = 0..<file.count
        // In every version of LMDB's main database: the name, 40 bytes, the number of the root page, little-endian.
        while let name = file.range(of: Data("entries".utf8), in: rest), name.upperBound + 48 <= file.count {
            let root = name.upperBound + 40
            file.replaceSubrange(root..<root + 8, with: [0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0] as [UInt8])
            count += 1
            rest = root + 8..<file.count
        }
        try #require(count > 0)
        try write(file, to: path)
    }

    private func expectCorrupt(_ call: String, _ body: () async throws -> Void) async throws {
        let error = try await storeError(body)
        #expect(error?.code == .corrupt && error?.advice == .restore, "\(call): \(error as Any)")
    }
}

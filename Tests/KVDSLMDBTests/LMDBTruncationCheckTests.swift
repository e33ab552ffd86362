import KVDSTesting
import TestSupport
import Foundation
import KVDS
import Testing

@Suite("The length of an LMDB file", .timeLimit(.minutes(1)))
struct LMDBTruncationCheckTests {
    private static let page = 4_096

    @Test("opening a truncated LMDB file throws .corrupt and leaves it unchanged", arguments: [3, 8])
    func cutOff(_ pages: Int) async throws {
        try await withTemporaryDirectory { path in
            let store = try await DiskBackend.lmdb.open(path)
            for index in 0..<50 { try await store.set(Bytes("\(index)"), to: Bytes(repeating: 1, count: 1_000)) }
            try await store.close()
            let sound = try #require(contents(of: path)["data.mdb"])
            let cut = Data(sound.prefix(pages * Self.page))
            try #require(cut.count < sound.count)
            try write(cut, to: "\(path)/data.mdb")
            let error = try await storeError { _ = try await DiskBackend.lmdb.open(path) }
            #expect(error?.code == .corrupt)
            #expect(error?.message.contains("truncated") == true, "\(error as Any)")
            #expect(try contents(of: path)["data.mdb"] == cut)
        }
    }

    /// LMDB never writes pages that were allocated and freed in one transaction, even at the end of the file.
    @Test("an LMDB file that lacks only free pages that were never written opens normally")
    func unwritten() async throws {
        try await withTemporaryDirectory { path in
            let store = try await DiskBackend.lmdb.open(path)
            for index in 0..<20 { try await store.set(Bytes("\(index)"), to: "1") }
            try await store.write { batch in
                batch.set("large", to: Bytes(repeating: 1, count: 200_000))
                batch.delete("large")
            }
            try await store.close()
            let file = try #require(contents(of: path)["data.mdb"])
            let needed = lengthItNames(file)
            try #require(file.count < needed, "it is no shorter than it should be")

            let again = try await DiskBackend.lmdb.open(path)
            #expect(try await again.count() == 20)
            try await again.set("large", to: Bytes(repeating: 2, count: 200_000))
            #expect(try await again.get("large")?.count == 200_000)
            try await again.close()
            #expect(try contents(of: path)["data.mdb"].map { $0.count >= needed } == true)
        }
    }

    /// Returns the length of the file according to the newer of its two meta pages.
    private func lengthItNames(_ file: Data) -> Int {
        func number(_ place: Int) -> Int { (0..<8).reversed().reduce(0) { $0 << 8 | Int(file[place + $1]) } }
        let metas = [0, Self.page].map { (transaction: number($0 + 144), lastPage: number($0 + 136)) }
        let newest = metas[0].transaction > metas[1].transaction ? metas[0] : metas[1]
        return (newest.lastPage + 1) * Self.page
    }
}

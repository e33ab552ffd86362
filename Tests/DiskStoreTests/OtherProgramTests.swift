import TestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("Other programs that read a store", .timeLimit(.minutes(5)))
struct OtherProgramTests {
    @Test("ldb reads the entries of a RocksDB store", .enabled(if: Tool.isInstalled("ldb")))
    func rocksDB() async throws {
        try await withTemporaryDirectory { path in
            let entries = try await fill(.rocksdb, path)
            let lines = try Tool.run("ldb", ["--db=\(path)", "--hex", "scan"]).split(separator: "\n")
            let found = lines.filter { $0.hasPrefix("0x") }.map { line in
                line.split(separator: " ").filter { $0.hasPrefix("0x") }.map { bytes(hex: $0.dropFirst(2)) }
            }
            #expect(found == entries.map { [$0.key, $0.value] })
        }
    }

    @Test(
        "mdb_dump and mdb_stat read the entries of an LMDB store",
        .enabled(if: Tool.isInstalled("mdb_dump") && Tool.isInstalled("mdb_stat")))
    func lmdb() async throws {
        try await withTemporaryDirectory { path in
            let entries = try await fill(.lmdb, path)
            let lines = try Tool.run("mdb_dump", ["-s", "entries", path]).split(separator: "\n")
            let values = lines.filter { $0.hasPrefix(" ") }.map { bytes(hex: $0.dropFirst()) }
            #expect(values == entries.flatMap { [$0.key, $0.value] })
            let report = try Tool.run("mdb_stat", ["-s", "entries", path])
            #expect(report.contains("Entries: \(entries.count)"))
        }
    }

    /// - Returns: the entries, in key order.
    private func fill(_ backend: DiskBackend, _ path: String) async throws -> [Entry] {
        let seed = TestSeed.next
        print("seed of the entries: \(seed)")
        var random = SplitMix64(seed: seed)
        var entries: [Bytes: Bytes] = [
            "user:42": "ada", "Grüße": "👋", [0]: [0, 10, 13], [255, 255]: [255], "empty": "",
        ]
        for _ in 0..<200 {
            entries[
                Bytes(
                    (0...Int.random(in: 0..<60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) })
            ] =
                Bytes(
                    (0...Int.random(in: 0..<900, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
                )
        }
        let store = try await backend.open(path)
        try await store.write { batch in
            for (key, value) in entries { batch.set(key, to: value) }
        }
        try await store.close()
        return entries.sorted { $0.key < $1.key }.map { Entry(key: $0.key, value: $0.value) }
    }

    private func bytes(hex: some StringProtocol) -> Bytes {
        let digits = hex.compactMap(\.hexDigitValue)
        return Bytes(stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }
}

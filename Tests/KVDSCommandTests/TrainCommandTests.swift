#if Command
import KVDS
import KVDSCompression
import KVDSRecords
import TestSupport
import Testing

@testable import KVDSCommand

@Suite("Dictionaries on the command line", .timeLimit(.minutes(5)))
struct TrainCommandTests {
    struct City: Codable, Sendable {
        var id: Int
        var text: String
    }

    private let cities = Table<City>("cities", key: \.id) { Compression.zstandard(minimumSize: 16) }

    private func city(_ id: Int) -> City {
        City(id: id, text: "The city number \(id) lies \(id * 7) km from the sea and has \(id * 31) inhabitants.")
    }

    @Test("kvds makes a dictionary of a table and decodes the records that need it", arguments: disks)
    func train(_ backend: DiskBackend) async throws {
        try await backend.withStore { written, path in
            try await written.open(cities).put((0..<100).map(city))
            try await written.close()
            let url = "\(backend.rawValue):\(path)/store"
            func output(_ arguments: String...) throws -> String {
                try RunningProcess(arguments + ["--store", url]).end().text
            }
            let first = try output("train", "cities", "--capacity", "2000")
            let expected =
                /dictionary 1: \d+ bytes from 100 records, which take 1.00 of their size without and 0.\d\d with it\n/
            #expect(first.wholeMatch(of: expected) != nil, "\(first)")
            let store = try await backend.open("\(path)/store")
            try await store.open(cities).put([city(5), city(100)])
            try await store.close()
            let second = try output("train", "cities", "--samples", "50")
            #expect(second.hasPrefix("dictionary 2: ") && second.contains(" from 50 records"), "\(second)")
            let lines = try output("decode", "cities").split(separator: "\n").map(String.init)
            #expect(
                lines == (0...100).map { "{\"key\":[\($0)],\"record\":{\"id\":\($0),\"text\":\"\(city($0).text)\"}}" })
            #expect(try output("describe", "cities") == "id: Int\ntext: String\n")
            #expect(try output("tables") == "cities\t101\tinteger\tversion 1\n")
            let nobody = try RunningProcess(["train", "nobody", "--store", url]).end()
            #expect(nobody.code == 1 && nobody.error.isEmpty && nobody.output.isEmpty, "\(nobody.summary)")
            let small = try RunningProcess(["train", "cities", "--capacity", "255", "--store", url]).end()
            #expect(small.code == 64, "\(small.summary)")
            let few = try RunningProcess(["train", "cities", "--samples", "6", "--store", url]).end()
            #expect(few.code == 64, "\(few.summary)")
        }
    }
}
#endif

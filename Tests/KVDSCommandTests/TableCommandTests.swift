#if Command
import Foundation
import KVDS
import KVDSRecords
import TestSupport
import Testing

@testable import KVDSCommand

@Suite("Tables on the command line", .timeLimit(.minutes(5)))
struct TableCommandTests {
    enum Payment: Codable, Sendable {
        case cash
        case card(number: String, isValid: Bool)
    }
    struct Order: Codable, Sendable {
        struct Line: Codable, Sendable {
            var item: String
            var price: Double
        }
        var customer: String
        var number: Int
        var day: Date
        var id: UUID?
        var payment: Payment
        var lines: [Line]
        var notes: [String: Data]
        var counts: [Int: Bool]
    }

    /// Runs kvds, and returns what it printed.
    private func output(of arguments: String..., code expected: Int32 = 0) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("kvds-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let (code, error) = try KvdsProcess.run(arguments, output: FileHandle(forWritingTo: file))
        #expect(code == expected, "\(error)")
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test("kvds lists, describes and decodes tables without the Swift types of their records", arguments: disks)
    func tables(_ backend: DiskBackend) async throws {
        try await backend.withStore { store, path in
            let orders = try await store.open(Table<Order>("orders", key: \.customer, \.number))
            let id = try #require(UUID(uuidString: "6BA7B810-9DAD-11D1-80B4-00C04FD430C8"))
            try await orders.put([
                Order(
                    customer: "ada", number: 7, day: Date(timeIntervalSince1970: 1_700_000_000), id: id,
                    payment: .card(number: "1\"2", isValid: true), lines: [Order.Line(item: "tea", price: 2.5)],
                    notes: ["a": Data([1, 2])], counts: [3: true]),
                Order(
                    customer: "bob", number: -1, day: Date(timeIntervalSince1970: 0.5), id: nil, payment: .cash,
                    lines: [], notes: [:], counts: [:]),
            ])
            try await store.close()
            let url = "\(backend.rawValue):\(path)/store"

            #expect(try output(of: "tables", "--store", url) == "orders\t2\tstring, integer\tversion 1\n")
            #expect(
                try output(of: "describe", "orders", "--store", url) == """
                    customer: String
                    number: Int
                    day: Date
                    id: UUID?
                    payment: Payment
                    lines: [Line]
                    notes: [String: Data]
                    counts: [Int: Bool]
                    enum Payment cash | card(number: String, isValid: Bool)
                    struct Line(item: String, price: Double)

                    """)
            let ada = """
                {"key":["ada",7],"record":{"customer":"ada","number":7,"day":"2023-11-14T22:13:20Z",\
                "id":"6BA7B810-9DAD-11D1-80B4-00C04FD430C8","payment":{"card":{"number":"1\\"2","isValid":true}},\
                "lines":[{"item":"tea","price":2.5}],"notes":{"a":"AQI="},"counts":[[3,true]]}}

                """
            let bob = """
                {"key":["bob",-1],"record":{"customer":"bob","number":-1,"day":"1970-01-01T00:00:00.500Z","id":null,\
                "payment":"cash","lines":[],"notes":{},"counts":[]}}

                """
            let all = try output(of: "decode", "orders", "--store", url)
            #expect(all == ada + bob)
            let last = try output(of: "decode", "orders", "--store", url, "--reverse", "--limit", "1")
            #expect(last == bob)
            #expect(try output(of: "decode", "nobody", "--store", url, code: 1).isEmpty)
            #expect(try output(of: "describe", "nobody", "--store", url, code: 1).isEmpty)
            for line in (ada + bob).split(separator: "\n") {
                _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
            }
        }
    }
}
#endif

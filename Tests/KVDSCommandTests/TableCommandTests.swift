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

    struct Visit: Codable, Sendable {
        var id: Int
        var city: String?
        var age: Double
        var tags: [String]
        var day: Date
    }

    @Test("kvds query filters, orders and prints records, and uses the indexes of the table", arguments: disks)
    func query(_ backend: DiskBackend) async throws {
        try await backend.withStore { store, path in
            let visits = Table<Visit>("visits", key: \.id) {
                Index("byCity", \.city, \.age, order: .ascending, .descending)
                Index("byTag", each: \.tags, where: \.age > 1)
            }
            try await store.open(visits).put([
                Visit(id: 1, city: "Oslo", age: 1.5, tags: ["a", "b"], day: Date(timeIntervalSince1970: 0)),
                Visit(id: 2, city: "Oslo", age: 2.5, tags: [], day: Date(timeIntervalSince1970: 86_400.5)),
                Visit(id: 3, city: nil, age: -1, tags: ["a"], day: Date(timeIntervalSince1970: 2)),
                Visit(id: 4, city: "Ra\"o,m", age: 7, tags: [], day: Date(timeIntervalSince1970: 3)),
            ])
            try await store.close()
            let url = "\(backend.rawValue):\(path)/store"
            func ids(_ filter: String, _ more: String...) throws -> [String] {
                let arguments = ["query", "visits", "--store", url, "--where", filter] + more
                return try lines(of: arguments).map { String($0.prefix(1)) }
            }
            #expect(try ids(#"city == "Oslo" && age >= 2"#) == ["2"])
            #expect(try ids(#"city == nil || tags contains "b""#) == ["1", "3"])
            #expect(try ids(#"!(city hasPrefix "O") && id in [1, 3, 4,]"#) == ["3", "4"])
            #expect(try ids(#"day >= "1970-01-02T00:00:00.500Z""#) == ["2"])
            #expect(try ids("day < 3 && age != -1.0") == ["1"])
            #expect(try ids("age > -5", "--order", "-age,id", "--limit", "3") == ["4", "2", "1"])
            #expect(
                try output(of: "query", "visits", "--store", url, "--where", "id >= 3", "--format", "csv") == """
                    id,city,age,tags,day
                    3,,-1.0,"[""a""]",1970-01-01T00:00:02Z
                    4,"Ra""o,m",7.0,[],1970-01-01T00:00:03Z

                    """)
            #expect(
                try output(of: "query", "visits", "--store", url, "--where", "id == 3", "--format", "jsonl") == """
                    {"id":3,"city":null,"age":-1.0,"tags":["a"],"day":"1970-01-01T00:00:02Z"}

                    """)
            let plan = try output(of: "query", "visits", "--store", url, "--where", #"city == "Oslo""#, "--explain")
            #expect(plan.hasPrefix("records by index byCity, 1 range: "))
            let described = try output(of: "describe", "visits", "--store", url)
            #expect(
                described.hasSuffix("index byCity: city, age descending\nindex byTag: each tags, of some records\n"))
            for wrong in [
                "city", "city ==", "nobody == 1", "age == \"x\"", "(id == 1", "id == 1 id", "id == 1 && ", "'",
            ] {
                #expect(try output(of: "query", "visits", "--store", url, "--where", wrong, code: 2).isEmpty)
            }
            #expect(try output(of: "query", "nobody", "--store", url, code: 1).isEmpty)
        }
    }

    private func lines(of arguments: [String]) throws -> [Substring] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("kvds-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let (code, error) = try KvdsProcess.run(arguments, output: FileHandle(forWritingTo: file))
        #expect(code == 0, "\(error)")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    }
}
#endif

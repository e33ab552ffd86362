import Foundation
import KVDS
import Testing

@testable import KVDSRecords

@Suite("The schema of a type")
struct SchemaDiscoveryTests {
    private func refusal(_ type: (some Codable).Type) -> String {
        do throws(StoreError) {
            _ = try Schema.of(type)
            return "none"
        } catch {
            #expect(error.code == .incompatibleSchema)
            return error.message
        }
    }

    struct Order: Codable {
        enum Status: String, Codable { case open, paid }
        enum Payment: Codable { case cash, card(number: String, until: Date?) }
        var number: UInt32
        var status: Status
        var payment: Payment?
        var lines: [Line]
        var tags: Set<String>
        var notes: [Int: Data]
    }
    struct Line: Codable {
        var item: UUID
        var price: Double
        var parts: [Line]
    }

    @Test("every field is found with its name and type, and every case with its associated values")
    func fields() throws {
        let schema = try Schema.of(Order.self)
        #expect(schema.root == .named(0))
        #expect(
            schema.types == [
                .record(
                    "Order",
                    [
                        Field("number", .integer(.uint32)), Field("status", .string),
                        Field("payment", .optional(.named(1))), Field("lines", .list(.named(2))),
                        Field("tags", .set(.string)), Field("notes", .map(.integer(.int), .bytes)),
                    ]),
                .enumeration(
                    "Payment",
                    [
                        NamedType.Case("cash", []),
                        NamedType.Case("card", [Field("number", .string), Field("until", .optional(.date))]),
                    ]),
                .record(
                    "Line", [Field("item", .uuid), Field("price", .double), Field("parts", .list(.named(2)))]),
            ])
    }

    struct Email: Codable {
        struct NoAt: Error {}
        let text: String
        init(_ text: String) throws {
            if !text.contains("@") { throw NoAt() }
            self.text = text
        }
        init(from decoder: any Decoder) throws { try self.init(decoder.singleValueContainer().decode(String.self)) }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(text)
        }
    }
    struct Account: Codable { var id: Int; var email: Email }
    struct Helpful: Codable, RecordPrototype {
        static let prototype = try! Helpful(email: Email("a@b"))
        var email: Email
        private init(email: Email) { self.email = email }
    }

    @Test("a type that refuses empty values is named, with the remedy")
    func refusing() {
        #expect(
            refusal(Account.self)
                == "Account contains a Email, which accepts no empty value: make it conform to RecordPrototype.")
    }

    struct Nested: Codable {
        var name = ""
        enum Outer: CodingKey { case inner }
        enum Inner: CodingKey { case name }
        init(from decoder: any Decoder) throws {
            let inner = try decoder.container(keyedBy: Outer.self).nestedContainer(keyedBy: Inner.self, forKey: .inner)
            name = try inner.decode(String.self, forKey: .name)
        }
        func encode(to encoder: any Encoder) throws {
            var outer = encoder.container(keyedBy: Outer.self)
            var inner = outer.nestedContainer(keyedBy: Inner.self, forKey: .inner)
            try inner.encode(name, forKey: .name)
        }
    }
    struct Holder: Codable { var nested: Nested }

    @Test("a type that encodes itself in nested containers is refused, and the message names the field")
    func nestedContainers() {
        #expect(refusal(Holder.self).hasPrefix("Holder.nested encodes itself in nested containers"))
    }

    @Test("single values, ranges of types and URLs have schemas too")
    func others() throws {
        #expect(try Schema.of(Int.self).root == .integer(.int))
        #expect(try Schema.of([[String]?].self).root == .list(.optional(.list(.string))))
        #expect(try Schema.of(ContiguousArray<Int8>.self).root == .list(.integer(.int8)))
        let urls = try RecordCoder([URL?].self)
        let pages = [URL(string: "https://example.org/a?b=c"), nil]
        #expect(try urls.decode(urls.encode(pages)) == pages)
    }
}

/// A record with structs, arrays and enums inside.
struct Order: SampleRecord {
    enum Status: Int, Codable { case open, paid, sent }

    enum Payment: Codable, Equatable {
        case card(holder: String, digits: Int)
        case invoice(days: Int)
    }

    struct Customer: Codable, Equatable {
        var name: String
        var email: String?
    }

    struct Line: Codable, Equatable {
        var product: String
        var quantity: Int
        var price: Double
    }

    var number: Int
    var customer: Customer
    var status: Status
    var payment: Payment
    var lines: [Line]
    var labels: [String]
    var codes: [Int]

    static let title = "a nested record"
    static let name = "nested"

    static func random(_ text: inout SampleText) -> Order {
        Order(
            number: text.integer(1...1_000_000),
            customer: Customer(name: text.name(), email: text.flip() ? text.address() : nil),
            status: Status(rawValue: text.integer(0...2)) ?? .open,
            payment: text.flip()
                ? .card(holder: text.surname(), digits: text.integer(0...9_999)) : .invoice(days: text.integer(7...60)),
            lines: (0..<text.integer(1...4)).map { _ in
                Line(product: text.surname(), quantity: text.integer(1...20), price: text.double(100))
            },
            labels: (0..<text.integer(0...3)).map { _ in text.city() },
            codes: (0..<text.integer(0...4)).map { _ in text.integer(0...100_000) })
    }

    var sum: UInt64 { UInt64(number + customer.name.utf8.count + lines.count + codes.reduce(0, +)) }
}

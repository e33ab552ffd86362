/// A small record of five fields.
struct Contact: SampleRecord {
    var name: String
    var city: String
    var age: Int
    var balance: Double
    var phone: String?

    static let title = "a record of five fields"
    static let name = "five"

    static func random(_ text: inout SampleText) -> Contact {
        Contact(
            name: text.name(), city: text.city(), age: text.integer(18...99), balance: text.double(10_000),
            phone: text.flip() ? text.phone() : nil)
    }

    var sum: UInt64 { UInt64(name.utf8.count + age + (phone?.utf8.count ?? 0)) }
}

/// A record of twenty fields.
struct Profile: SampleRecord {
    var id: Int
    var login: String
    var firstName: String
    var lastName: String
    var email: String
    var phone: String?
    var street: String
    var city: String
    var country: String
    var company: String?
    var age: Int
    var visits: Int
    var points: Int
    var lastSeen: Int
    var parent: Int?
    var latitude: Double
    var longitude: Double
    var balance: Double
    var isActive: Bool
    var hasNewsletter: Bool

    static let title = "a record of twenty fields"
    static let name = "twenty"

    static func random(_ text: inout SampleText) -> Profile {
        Profile(
            id: text.integer(1...1_000_000), login: text.name().lowercased(), firstName: text.name(),
            lastName: text.surname(), email: text.address(), phone: text.flip() ? text.phone() : nil,
            street: "\(text.surname()) street \(text.integer(1...200))", city: text.city(), country: text.city(),
            company: text.flip() ? text.surname() : nil, age: text.integer(18...99), visits: text.integer(0...5_000),
            points: text.integer(0...100_000), lastSeen: text.integer(1_600_000_000...1_800_000_000),
            parent: text.flip() ? text.integer(1...1_000_000) : nil, latitude: text.double(90),
            longitude: text.double(180), balance: text.double(10_000), isActive: text.flip(),
            hasNewsletter: text.flip())
    }

    var sum: UInt64 { UInt64(id + email.utf8.count + lastSeen + (hasNewsletter ? 1 : 0)) }
}

/// A type of records for the comparisons with other formats.
///
/// It is also a message of swift-protobuf, and encodes itself without a coder. All sides encode the same values.
protocol SampleRecord: Codable, Equatable, HandCoded, Sendable {
    associatedtype Counterpart: SampleMessage

    /// Part of the names of comparisons.
    static var name: String { get }
    /// Part of the titles of comparisons.
    static var title: String { get }

    static func random(_ text: inout SampleText) -> Self

    /// The same value as a message.
    var message: Counterpart { get }
    /// A number that depends on the first and the last fields, for checksums.
    var sum: UInt64 { get }
}

extension SampleRecord {
    /// The same values in every run.
    static func samples(_ count: Int) -> [Self] {
        var text = SampleText()
        return (0..<count).map { _ in random(&text) }
    }
}

/// Random text as it occurs in records: names, most of which are ASCII and shorter than 16 bytes.
struct SampleText: Sendable {
    private var generator = SplitMix64(seed: 42)

    private static let names = [
        "Ada", "Blaise", "Chloé", "Dorothea", "Emmy", "Friedrich", "Grace", "Hiroshi", "Ingrid", "Zoë",
    ]
    private static let surnames = [
        "Lovelace", "Pascal", "Okafor", "Noether", "Gauß", "Hopper", "Tanaka", "Lindgren", "Novak", "de la Cruz",
    ]
    private static let cities = [
        "Oslo", "Bergen", "Paris", "Zürich", "Nairobi", "Kyoto", "Montevideo", "San Francisco", "Lagos", "Wien",
    ]

    mutating func name() -> String { Self.names.randomElement(using: &generator) ?? "" }
    mutating func surname() -> String { Self.surnames.randomElement(using: &generator) ?? "" }
    mutating func city() -> String { Self.cities.randomElement(using: &generator) ?? "" }
    mutating func integer(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    mutating func double(_ limit: Double) -> Double { .random(in: 0...limit, using: &generator) }
    mutating func flip() -> Bool { .random(using: &generator) }
    mutating func phone() -> String { "+47 \(integer(10_000_000...99_999_999))" }
    mutating func address() -> String { "\(name().lowercased()).\(integer(100...9_999))@example.com" }
}

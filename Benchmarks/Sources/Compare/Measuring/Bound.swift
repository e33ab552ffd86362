/// What a measured value must not be above, or must reach.
struct Bound: Codable, Hashable, Sendable {
    enum Direction: String, Codable, Sendable {
        case atMost = "≤"
        case atLeast = "≥"
    }

    let direction: Direction
    let limit: Double

    static func atMost(_ limit: Double) -> Bound { Bound(direction: .atMost, limit: limit) }
    static func atLeast(_ limit: Double) -> Bound { Bound(direction: .atLeast, limit: limit) }

    func isMet(by value: Double) -> Bool {
        switch direction {
        case .atMost: value <= limit
        case .atLeast: value >= limit
        }
    }

    /// Without a space: `≤1.1`.
    var text: String { direction.rawValue + (limit == limit.rounded() ? "\(Int(limit))" : "\(limit)") }
}

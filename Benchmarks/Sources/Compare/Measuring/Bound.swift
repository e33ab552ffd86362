/// An upper or lower limit for a measured value.
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

    /// The limit without a space, for example `≤1.1`.
    var text: String { direction.rawValue + (limit == limit.rounded() ? "\(Int(limit))" : "\(limit)") }
}

import Foundation

/// A result with its requirement.
struct Measured: Codable, Sendable {
    let name: String
    let title: String
    /// The unit of the values; empty for a ratio.
    let unit: String
    /// The median of the rounds.
    let value: Double
    /// The value of each round, sorted.
    let rounds: [Double]
    let mark: Bound?
    let ours: Figure
    let peer: Figure
    /// A remark.
    let note: String?
    /// The index of the run that produced the result; set by the report.
    var run = 0

    struct Figure: Codable, Sendable {
        let name: String
        /// The median of the rounds.
        let value: Double
        /// `ns` for the time of one operation.
        let unit: String
    }

    init(
        name: String, title: String, unit: String = "", rounds: [Double], mark: Bound?, ours: Figure, peer: Figure,
        note: String? = nil
    ) {
        self.name = name
        self.title = title
        self.unit = unit
        self.value = rounds.median
        self.rounds = rounds.sorted()
        self.mark = mark
        self.ours = ours
        self.peer = peer
        self.note = note
    }

    /// Whether the requirement is met; true if there is none.
    var isMet: Bool { mark?.isMet(by: value) ?? true }

    var spread: String { "\((rounds.first ?? value).text) … \((rounds.last ?? value).text)" }

    /// A line for other programs, and an indented one for people.
    var lines: String {
        """
        RATIO \(name) \(value.text) \(mark?.text ?? "-") \(isMet ? "ok" : "short")
            \(spread)\(unit.isEmpty ? "" : " " + unit) · \(ours.name) \(ours.text) · \(peer.name) \(peer.text)\
        \(note.map { " · \($0)" } ?? "")
        """
    }
}

extension Measured.Figure {
    /// The value with its unit; nanoseconds in a suitable unit.
    var text: String {
        if unit != "ns" { return unit.isEmpty ? value.text : "\(value.text) \(unit)" }
        return switch value {
        case ..<1e3: "\(value.text) ns"
        case ..<1e6: "\((value / 1e3).text) µs"
        default: "\((value / 1e6).text) ms"
        }
    }
}

extension [Double] {
    /// The median; of an even number of values, the greater of the two in the middle.
    var median: Double { sorted()[count / 2] }
}

extension Double {
    /// The value with its significant decimals.
    var text: String {
        let digits =
            switch magnitude {
            case ..<10: 3
            case ..<100: 2
            case ..<1_000: 1
            default: 0
            }
        return String(format: "%.\(digits)f", self)
    }
}

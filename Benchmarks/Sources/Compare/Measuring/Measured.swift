import Foundation

/// What was measured, and what was asked of it.
struct Measured: Codable, Sendable {
    let name: String
    let title: String
    /// Empty for a ratio; else what the values are given in.
    let unit: String
    /// The median over the rounds.
    let value: Double
    /// The value of each round, sorted.
    let rounds: [Double]
    let mark: Bound?
    let ours: Figure
    let peer: Figure
    /// What else there is to say.
    let note: String?
    /// The run it comes from; set by the report.
    var run = 0

    struct Figure: Codable, Sendable {
        let name: String
        /// The median over the rounds.
        let value: Double
        /// `ns` for the time that one operation takes.
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

    /// Whether the mark was met; true where there is none.
    var isMet: Bool { mark?.isMet(by: value) ?? true }

    var spread: String { "\((rounds.first ?? value).text) … \((rounds.last ?? value).text)" }

    /// The line that other programs read, and one for people.
    var lines: String {
        """
        RATIO \(name) \(value.text) \(mark?.text ?? "-") \(isMet ? "ok" : "short")
            \(spread)\(unit.isEmpty ? "" : " " + unit) · \(ours.name) \(ours.text) · \(peer.name) \(peer.text)\
        \(note.map { " · \($0)" } ?? "")
        """
    }
}

extension Measured.Figure {
    /// The value with its unit, nanoseconds in the unit that suits them.
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
    /// The middle one; of an even number the greater of the two.
    var median: Double { sorted()[count / 2] }
}

extension Double {
    /// With as many decimals as mean something.
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

import KVDSFormats
import Synchronization

/// How far a long command is, as a line on standard error that is drawn over itself. Nothing where that is no terminal.
final class ProgressBar: Sendable {
    private static let width = 30
    private static let interval = Duration.milliseconds(100)

    private let verb: String
    private let unit: String
    private let total: Int?
    private let isShown = Descriptor.standardError.isTerminal
    private let lastDrawn: Mutex<ContinuousClock.Instant?> = Mutex(nil)

    /// - Parameters:
    ///   - verb: what is being done, as in "importing".
    ///   - unit: what is counted.
    ///   - total: how much there is to do; nil when nobody knows.
    init(_ verb: String, unit: String = "entries", total: Int?) {
        self.verb = verb
        self.unit = unit
        self.total = total
    }

    func update(_ count: Int) {
        guard isShown else { return }
        let isDue = lastDrawn.withLock { last in
            let now = ContinuousClock.now
            if let last, now - last < Self.interval { return false }
            last = now
            return true
        }
        if isDue { draw(line(count)) }
    }

    /// Wipes the line, so that what is printed next stands alone.
    func clear() {
        if isShown, lastDrawn.withLock({ $0 }) != nil { draw("") }
    }

    func line(_ count: Int) -> String {
        guard let total, total > 0 else { return "\(verb) \(count) \(unit)" }
        let share = min(Double(count) / Double(total), 1)
        let filled = Int(share * Double(Self.width))
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.width - filled)
        return "\(verb) [\(bar)] \(Int(share * 100)) %  \(count) \(unit)"
    }

    private func draw(_ line: String) {
        try? Descriptor.standardError.write(Array("\r\u{1B}[K\(line)".utf8))
    }
}

extension Duration {
    /// Seconds with three decimals.
    var seconds: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }

    /// How many of `count` fit into one second.
    func rate(_ count: Int) -> Int {
        let seconds = Double(components.seconds) + Double(components.attoseconds) / 1e18
        return Int((Double(count) / max(seconds, 1e-9)).rounded())
    }
}

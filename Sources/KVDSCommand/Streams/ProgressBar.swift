import KVDSFormats
import Synchronization

/// Shows the progress of a long command in one line on standard error, which is redrawn. Shows nothing if standard
/// error is not a terminal.
final class ProgressBar: Sendable {
    private static let width = 30
    private static let interval = Duration.milliseconds(100)

    private let verb: String
    private let unit: String
    private let total: Int?
    private let isShown = Descriptor.standardError.isTerminal
    private let lastDrawn: Mutex<ContinuousClock.Instant?> = Mutex(nil)

    /// - Parameters:
    ///   - verb: the activity, as in "importing".
    ///   - unit: the things that are counted.
    ///   - total: the number of things to process; nil when it is unknown.
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

    /// Clears the line, so that the next output starts on an empty one.
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

    /// The rate per second at which `count` things take this long, rounded.
    func rate(_ count: Int) -> Int {
        let seconds = Double(components.seconds) + Double(components.attoseconds) / 1e18
        return Int((Double(count) / max(seconds, 1e-9)).rounded())
    }
}

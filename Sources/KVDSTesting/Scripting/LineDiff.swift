/// The lines that differ between two texts, with the lines around them and the line numbers of the first text.
///
///        11  t1: shared k granted
///     -  12  t2: exclusive k waits for t1
///     +      t2: exclusive k granted
struct LineDiff: CustomStringConvertible {
    private enum Change { case none, removed, added }

    /// The number of equal lines that are shown before and after each difference.
    private static let context = 3

    private var lines: [(change: Change, number: Int, text: String)] = []

    init(_ old: [String], _ new: [String]) {
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var (from, to) = (0, 0)
        while from < old.count || to < new.count {
            if removed.contains(from) {
                lines.append((.removed, from + 1, old[from]))
                from += 1
            } else if added.contains(to) {
                lines.append((.added, from + 1, new[to]))
                to += 1
            } else {
                lines.append((.none, from + 1, old[from]))
                (from, to) = (from + 1, to + 1)
            }
        }
    }

    /// The number of the first line that differs.
    var firstLine: Int { lines.first { $0.change != .none }?.number ?? 1 }

    var description: String {
        var text: [String] = []
        var last = -1
        for index in lines.indices where isNearChange(index) {
            if index > last + 1, last >= 0 { text.append("     ...") }
            last = index
            let line = lines[index]
            let number = line.change == .added ? "" : String(line.number)
            let padding = String(repeating: " ", count: max(0, 5 - number.count))
            let mark =
                switch line.change {
                case .none: " "
                case .removed: "-"
                case .added: "+"
                }
            text.append("\(mark)\(padding)\(number)\(line.text.isEmpty ? "" : "  \(line.text)")")
        }
        return text.joined(separator: "\n")
    }

    private func isNearChange(_ index: Int) -> Bool {
        let first = max(index - Self.context, 0)
        let last = min(index + Self.context, lines.count - 1)
        return lines[first...last].contains { $0.change != .none }
    }
}

/// A table with one column for each store, printed line by line.
struct Report {
    private static let titleWidth = 36
    private static let columnWidth = 16

    init(columns: [String]) { line("", columns) }

    func line(_ title: String, _ cells: [String]) {
        print(title.padded(to: Self.titleWidth) + cells.map { $0.padded(to: Self.columnWidth) }.joined())
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }

    /// The path as a key, without the leading slash.
    var trimmed: String { hasPrefix("/") ? String(dropFirst()) : self }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
    var milliseconds: Int { Int(seconds * 1000) }
}

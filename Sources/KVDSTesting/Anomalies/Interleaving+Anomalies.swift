import KVDS

extension Interleaving {
    /// The named anomalies. Each has a schedule in which it occurs unless something prevents it.
    static let anomalies = [
        // Berenson et al., A Critique of ANSI SQL Isolation Levels, P0.
        Interleaving(
            description: "a dirty write", initial: [],
            programs: [[.write("x", one), .write("y", one)], [.write("x", two), .write("y", two)]],
            schedule: [0, 1, 1, 1, 0, 0]),
        Interleaving(
            description: "an aborted read", initial: numbers(["x": 0]),
            programs: [[.write("x", one), .abort], [.read("x")]],
            schedule: [0, 1, 1, 0]),
        Interleaving(
            description: "an intermediate read", initial: numbers(["x": 0]),
            programs: [[.write("x", one), .write("x", two)], [.read("x")]],
            schedule: [0, 1, 1, 0, 0]),
        Interleaving(
            description: "circular information flow", initial: numbers(["x": 0, "y": 0]),
            programs: [[.write("x", one), .read("y")], [.write("y", one), .read("x")]],
            schedule: [0, 1, 0, 1, 0, 1]),
        Interleaving(
            description: "a lost update", initial: numbers(["x": 10]),
            programs: [[.read("x"), .write("x", sumPlus(1))], [.read("x"), .write("x", sumPlus(2))]],
            schedule: [0, 1, 0, 0, 1, 1]),
        Interleaving(
            description: "a lost update of an absent key", initial: [],
            programs: [[.read("x"), .write("x", sumPlus(1))], [.read("x"), .write("x", sumPlus(2))]],
            schedule: [0, 1, 0, 0, 1, 1]),
        Interleaving(
            description: "read skew", initial: numbers(["x": 0, "y": 0]),
            programs: [[.read("x"), .read("y")], [.write("x", one), .write("y", one)]],
            schedule: [0, 1, 1, 1, 0, 0]),
        Interleaving(
            description: "read skew between a key and a scan", initial: numbers(["x": 0, "y": 0]),
            programs: [[.read("x"), .scan(.all)], [.write("x", one), .write("y", one)]],
            schedule: [0, 1, 1, 1, 0, 0]),
        Interleaving(
            description: "write skew", initial: numbers(["x": 1, "y": 1]),
            programs: [
                [.read("x"), .read("y"), .write("x", sumPlus(-2))], [.read("x"), .read("y"), .write("y", sumPlus(-2))],
            ],
            schedule: [0, 0, 1, 1, 0, 0, 1, 1]),
        Interleaving(
            description: "a phantom", initial: numbers(["p1": 1]),
            programs: [[.scan(.prefix("p")), .write("p2", count)], [.scan(.prefix("p")), .write("p3", count)]],
            schedule: [0, 1, 0, 0, 1, 1]),
        Interleaving(
            description: "a phantom in an empty range", initial: numbers(["o": 1, "q": 1]),
            programs: [[.scan(.prefix("p")), .write("p2", count)], [.scan(.prefix("p")), .write("p3", count)]],
            schedule: [0, 1, 0, 0, 1, 1]),
        // Fekete, O'Neil and O'Neil, A Read-Only Transaction Anomaly Under Snapshot Isolation: x is a current account,
        // y a savings account. A withdrawal that overdraws both accounts costs a fee of 1.
        Interleaving(
            description: "the read-only anomaly", initial: numbers(["x": 0, "y": 0]),
            programs: [
                [.read("y"), .write("y", sumPlus(20))],
                [.read("x"), .read("y"), .write("x", withdrawTen)],
                [.read("x"), .read("y")],
            ],
            schedule: [1, 1, 0, 0, 0, 2, 2, 2, 1, 1]),
    ]

    private static let one: @Sendable ([ReadResult]) -> Bytes? = { _ in "1" }
    private static let two: @Sendable ([ReadResult]) -> Bytes? = { _ in "2" }

    /// Returns the sum of all values read so far, plus `number`.
    private static func sumPlus(_ number: Int) -> @Sendable ([ReadResult]) -> Bytes? {
        { sights in Bytes(String(sights.map(\.number).reduce(number, +))) }
    }

    /// The number of entries that the last scan returned.
    private static let count: @Sendable ([ReadResult]) -> Bytes? = { sights in
        if case .entries(let entries) = sights.last { Bytes(String(entries.count)) } else { nil }
    }

    private static let withdrawTen: @Sendable ([ReadResult]) -> Bytes? = { sights in
        let sum = sights.map(\.number).reduce(0, +)
        return Bytes(String((sights.first?.number ?? 0) - (sum < 10 ? 11 : 10)))
    }

    private static func numbers(_ numbers: [Bytes: Int]) -> [Entry] {
        numbers.map { Entry(key: $0, value: Bytes(String($1))) }.sorted { $0.key < $1.key }
    }
}

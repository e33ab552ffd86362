import KVDS
import Peers

extension Suite {
    /// How the times of a get, of opening a scan and of a scan change when a store grows, for our store and for the
    /// engine itself.
    static func growth(_ settings: Settings, _ engine: Engine) -> Suite {
        growth(settings, name: engine.name, title: engine.title, peer: "\(engine.title) from C") { count in
            try await GrownPair.embedded(engine, count: count, settings)
        }
    }

    /// The same in memory, against a `std::map`. The time to open a scan must not depend on the size of the store.
    static func memoryGrowth(_ settings: Settings) -> Suite {
        growth(settings, name: "memory", title: "memory", peer: "std::map, mutex", isConstant: true) { count in
            try await GrownPair.memory(count: count)
        }
    }

    private static func growth(
        _ settings: Settings, name: String, title: String, peer: String, isConstant: Bool = false,
        _ make: @escaping @Sendable (Int) async throws -> GrownPair
    ) -> Suite {
        let sizes = [10_000, 100_000, 1_000_000] + (settings.isFull ? [10_000_000] : [])
        let pairs = sizes.map { size in Lazy { try await make(size) } }
        let (small, large) = (pairs[0], pairs[pairs.count - 1])
        let range = "\(sizes[0].grouped) to \(sizes[sizes.count - 1].grouped) entries"

        var comparisons: [Comparison] = []
        for operation in GrowingOperation.all {
            for (size, pair) in zip(sizes, pairs) {
                comparisons.append(
                    Comparison(
                        name: "\(name).growth.\(operation.name).\(size)",
                        title: "\(title) \(operation.title), \(size.grouped) entries", mark: .none,
                        ours: operation.ours(pair, "KVDS"), peer: operation.peer(pair, peer)))
            }
        }
        if isConstant {
            comparisons.append(
                Comparison(
                    name: "\(name).growth.constant", title: "\(title) opening a scan, \(range)",
                    mark: .timeAtMost(1.2), ours: GrowingOperation.first(large, "the largest"),
                    peer: GrowingOperation.first(small, "the smallest")))
        }
        let gauges = GrowingOperation.all.map { operation in
            Gauge(
                name: "\(name).growth.\(operation.name)",
                title: "\(title) \(operation.title), growth, \(range)", unit: "",
                mark: .atMost(1.1), ours: "KVDS", peer: peer, figureUnit: "×"
            ) {
                let ours = try await Growth(operation.ours, from: small, to: large)
                let theirs = try await Growth(operation.peer, from: small, to: large)
                return Gauge.Sample(
                    value: ours.factor / theirs.factor, ours: ours.factor, peer: theirs.factor,
                    note: "adds \(ours.added.text) ns, the peer \(theirs.added.text) ns")
            }
        }
        return Suite(comparisons: comparisons, gauges: gauges) {
            for pair in pairs { try await pair.made?.close() }
        }
    }
}

/// An operation whose time may depend on the size of the store.
private struct GrowingOperation: Sendable {
    let name: String
    let title: String
    let count: Int
    let ours: @Sendable (Lazy<GrownPair>, _ name: String) -> Comparison.Side
    let peer: @Sendable (Lazy<GrownPair>, _ name: String) -> Comparison.Side

    private init(
        _ name: String, _ title: String, count: Int, ours: @escaping @Sendable (GrownPair) async throws -> Checksum,
        peer: @escaping @Sendable (GrownPair) -> peer_found
    ) {
        self.name = name
        self.title = title
        self.count = count
        self.ours = { Self.side($1, count, $0, ours) }
        self.peer = { pair, name in Self.side(name, count, pair) { Checksum(peer($0)) } }
    }

    private static func side(
        _ name: String, _ count: Int, _ pair: Lazy<GrownPair>,
        _ run: @escaping @Sendable (GrownPair) async throws -> Checksum
    ) -> Comparison.Side {
        Comparison.Side(name: name, operations: count) {
            _ = try await pair.value
        } run: {
            try await run(pair.value)
        }
    }

    static let all = [
        GrowingOperation("get", "`get`", count: GrownPair.sampleSize) {
            try await Reading.get($0.anywhere.keys, from: $0.store)
        } peer: {
            $0.peerGet($0.anywhere.packed.rows)
        },
        GrowingOperation("view", "opening a scan at a random key", count: GrownPair.sampleSize) {
            try await Reading.ranges(from: $0.anywhere.keys, length: 1, in: $0.store)
        } peer: {
            $0.peerRange($0.anywhere.packed.rows, 1)
        },
        // Reads five thousand entries from each key, counted in units of a thousand.
        GrowingOperation("page", "1,000 entries of a scan", count: GrownPair.pageStarts * 5) {
            try await Reading.pages(from: $0.early.keys, length: 5_000, in: $0.store)
        } peer: {
            $0.peerRange($0.early.packed.rows, 5_000)
        },
    ]

    /// Opens a scan at the first key, which is in the processor's cache for a store of any size.
    static func first(_ pair: Lazy<GrownPair>, _ name: String) -> Comparison.Side {
        side(name, GrownPair.sampleSize, pair) { pair in
            var found = Checksum()
            for _ in 0..<GrownPair.sampleSize {
                for try await entry in pair.store.entries(limit: 1) { found.add(entry.value.bytes) }
            }
            return found
        }
    }
}

/// How much longer an operation takes on a large store than on a small one.
private struct Growth {
    let factor: Double
    /// The additional time in nanoseconds.
    let added: Double

    init(
        _ side: (Lazy<GrownPair>, String) -> Comparison.Side, from small: Lazy<GrownPair>,
        to large: Lazy<GrownPair>
    ) async throws {
        let (after, _) = try await Stopwatch.time(side(large, ""))
        let (before, _) = try await Stopwatch.time(side(small, ""))
        factor = after / before
        added = after - before
    }
}

extension Int {
    /// The number with separators, for example `10,000`.
    var grouped: String {
        self < 1_000 ? "\(self)" : (self / 1_000).grouped + "," + "\(1_000 + self % 1_000)".dropFirst()
    }
}

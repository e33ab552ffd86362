import KVDS
import Peers

/// Single sets of random keys by several tasks, against a loop in C.
struct Sets: Sendable {
    private let settings: Settings
    private let engine: Engine
    private let renew: @Sendable () async throws -> Void
    private let pair: @Sendable () async throws -> EmbeddedPair

    /// - Parameter renew: prepares the stores before each round.
    init(
        _ settings: Settings, _ engine: Engine, renew: @escaping @Sendable () async throws -> Void,
        pair: @escaping @Sendable () async throws -> EmbeddedPair
    ) {
        self.settings = settings
        self.engine = engine
        self.renew = renew
        self.pair = pair
    }

    /// - Parameters:
    ///   - each: the number of sets that each of our tasks makes.
    ///   - batch: the number of rows that the peer commits at once, of `count` rows in total.
    ///   - name: a suffix that distinguishes comparisons with the same number of tasks.
    func compared(
        tasks: Int, each: Int, mark: Comparison.Mark?, _ peerName: String, each batch: Int, of count: Int,
        durability: Durability = .durable, name: String? = nil
    ) -> Comparison {
        let ours = Lazy { Dataset(count: settings.entries).sample(tasks * each, seed: 1) }
        let theirs = Lazy { Dataset(count: settings.entries).sample(count, seed: 2) }
        let word = durability == .durable ? "durable" : "buffered"
        return Comparison(
            name: "\(engine.name).set.\(word).\(tasks)" + (name.map { ".\($0)" } ?? ""),
            title: "\(engine.title) \(word) `set`, \(tasks) task\(tasks == 1 ? "" : "s")"
                + (name?.hasPrefix("full") == true ? ", \(settings.entries) entries" : ""),
            mark: mark ?? .none,
            ours: Comparison.Side(name: "KVDS", operations: tasks * each) {
                _ = try await (ours.value, theirs.value)
                try await renew()
                _ = try await pair()
            } run: {
                try await Writing.set(ours.value, in: pair().store, durability: durability, tasks: tasks)
                return Checksum()
            },
            peer: Comparison.Side(name: peerName, operations: count) {
                try await engine.calls.put(pair().peer, theirs.value.packed.rows, batch, durability == .durable ? 1 : 0)
                return Checksum()
            })
    }
}

import Foundation
import KVDS

extension Suite {
    /// The cost of a subscriber for commits, compared with a store that was never observed.
    static func feed(_ settings: Settings, _ engine: Engine) -> Suite {
        let rows = Lazy { Dataset(count: settings.entries / 10) }
        let stores = Lazy { try await ObservedStores(engine, rows.value, settings) }
        return Suite(
            comparisons: FeedWriting.of(engine).flatMap { writing -> [Comparison] in
                let sample = Lazy { try await rows.value.sample(writing.tasks * writing.each) }
                return FeedLoad.allCases.map { $0.comparison(engine, writing, stores, sample) }
            },
            close: { try await stores.made?.close() })
    }
}

/// How the commits of a round are made.
private struct FeedWriting: Sendable {
    let durability: Durability
    let tasks: Int
    let each: Int

    static func of(_ engine: Engine) -> [FeedWriting] {
        switch engine.name {
        case "memory": [FeedWriting(durability: .volatile, tasks: 1, each: 200_000)]
        case "lmdb":
            [
                FeedWriting(durability: .durable, tasks: 64, each: 100),
                FeedWriting(durability: .buffered, tasks: 64, each: 300),
            ]
        default:
            [
                FeedWriting(durability: .durable, tasks: 64, each: 150),
                FeedWriting(durability: .buffered, tasks: 1, each: 50_000),
            ]
        }
    }

    var suffix: String { durability == .volatile ? "" : ".\(durability)" }
    var words: String {
        "\(durability == .volatile ? "" : "\(durability) ")`set`, \(tasks) task\(tasks == 1 ? "" : "s")"
    }
}

/// The subscriber that observes the store.
private enum FeedLoad: String, CaseIterable, Sendable {
    case none, one, slow

    private var mark: Comparison.Mark {
        switch self {
        case .none: .timeAtMost(1.02)
        case .one: .timeAtMost(1.15)
        case .slow: .none
        }
    }

    private var words: String {
        switch self {
        case .none: "after a subscriber came and went"
        case .one: "with a subscriber that keeps up"
        case .slow: "with a subscriber that takes an event each ms"
        }
    }

    func comparison(
        _ engine: Engine, _ writing: FeedWriting, _ stores: Lazy<ObservedStores>, _ sample: Lazy<Dataset>
    ) -> Comparison {
        let count = writing.tasks * writing.each
        let observer = Observer(load: self, count: count)
        func side(
            _ name: String, _ store: any KeyPath<ObservedStores, StoreHandle> & Sendable, _ observer: Observer?
        ) -> Comparison.Side {
            Comparison.Side(name: name, operations: count) {
                _ = try await sample.value
                await observer?.begin(try await stores.value[keyPath: store])
            } run: {
                try await Writing.set(
                    sample.value, in: stores.value[keyPath: store], durability: writing.durability,
                    tasks: writing.tasks)
                await observer?.writersEnded()
                return Checksum()
            } check: {
                try await observer?.end()
                return try await ObservedStores.held(by: stores.value[keyPath: store])
            }
        }
        var comparison = Comparison(
            name: "feed.\(rawValue).\(engine.name)\(writing.suffix)",
            title: "\(engine.title) \(writing.words), \(words)", mark: mark, ours: side(words, \.observed, observer),
            peer: side("never observed", \.plain, nil))
        if self != .none { comparison.note = { await observer.note } }
        return comparison
    }
}

/// The subscriber of a round, if any, with a check that it received all commits.
private actor Observer {
    private let load: FeedLoad
    private let count: Int
    private var subscriber: Subscriber?
    private var end = ContinuousClock.now
    private(set) var note = ""

    init(load: FeedLoad, count: Int) {
        self.load = load
        self.count = count
    }

    func begin(_ store: StoreHandle) {
        switch load {
        case .none: break
        case .one: subscriber = Subscriber(to: store, count: count)
        case .slow: subscriber = .slow(to: store)
        }
    }

    func writersEnded() { end = .now }

    func end() async throws {
        if load == .slow { subscriber?.stop() }
        guard let received = try await subscriber?.received else { return }
        subscriber = nil
        note = "received \(received.commits) of \(count) commits and \(received.gaps) gaps"
        if load == .one {
            if received.gaps > 0 { throw FellBehind(gaps: received.gaps) }
            note += ", the last \((max(received.last - end, .zero) / .microseconds(1)).text) µs after its answer"
        }
    }

    struct FellBehind: Error, CustomStringConvertible {
        let gaps: Int

        var description: String { "The subscriber that must keep up received \(gaps) gaps." }
    }
}

/// Two stores with the same contents. One of them was observed for a short time.
private struct ObservedStores: Sendable {
    let observed: StoreHandle
    let plain: StoreHandle
    private let distributor: DistributorActor

    init(_ engine: Engine, _ rows: Dataset, _ settings: Settings) async throws {
        distributor = DistributorActor(directory: settings.path("feed"))
        observed = try await distributor.store("observed", on: engine.driver.backend)
        plain = try await distributor.store("plain", on: engine.driver.backend)
        for store in [observed, plain] { try await Writing.load(rows, into: store, by: 10_000) }
        let subscriber = Subscriber(to: observed, count: 1)
        for store in [observed, plain] { try await store.set(rows.keys[0], to: rows.values[0]) }
        _ = try await subscriber.received
    }

    /// The checksum of a store's entries and its number of commits.
    static func held(by store: StoreHandle) async throws -> Checksum {
        var found = try await Reading.scan(store)
        found.sum += try await store.commit(WriteBatch()).revision?.rawValue ?? 0
        return found
    }

    func close() async throws {
        let directory = distributor.directory
        await distributor.shutdown()
        if FileManager.default.fileExists(atPath: directory) {
            try FileManager.default.removeItem(atPath: directory)
        }
    }
}

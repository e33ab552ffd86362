import KVDS
import Synchronization

/// What a check works with: its stores, and the words to say what it expects.
final class CheckContext: Sendable {
    let suite: StoreConformance
    private let stores = Mutex<[any KeyValueStore]>([])

    init(suite: StoreConformance) { self.suite = suite }

    /// Random numbers, the same ones each time it is called.
    var random: SplitMix64 { SplitMix64(seed: suite.seed) }

    /// Another fresh store.
    func makeStore() async throws -> any KeyValueStore { keep(try await suite.makeStore()) }

    /// Closes `store` and opens it again.
    func reopen(_ store: any KeyValueStore) async throws -> any KeyValueStore {
        try await store.close()
        guard let reopen = suite.reopen else { throw Difference("the store cannot be opened again") }
        return keep(try await reopen())
    }

    func closeAll() async throws {
        for store in stores.withLock({ $0 }) { try await store.close() }
    }

    private func keep(_ store: any KeyValueStore) -> any KeyValueStore {
        stores.withLock { $0.append(store) }
        return store
    }

    /// The store as one that has snapshots; without them the check does not apply.
    func snapshots(of store: any KeyValueStore) throws(MissingAbility) -> any SnapshotProvider {
        guard let snapshots = store as? any SnapshotProvider else { throw MissingAbility(ability: "snapshots") }
        return snapshots
    }

    /// The store as one that tells its changes; without that the check does not apply.
    func feed(of store: any KeyValueStore) throws(MissingAbility) -> any ChangeFeedProvider {
        guard let feed = store as? any ChangeFeedProvider else { throw MissingAbility(ability: "feed of changes") }
        return feed
    }

    func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws(Difference) {
        if !condition { throw Difference("\(what()): not so") }
    }

    func expect<T: Equatable>(
        _ actual: T, _ expected: T, _ what: @autoclosure () -> String
    ) throws(Difference) {
        if actual != expected { throw Difference("\(what()): got \(short(actual)), expected \(short(expected))") }
    }

    /// Expects `body` to throw an error of this code.
    func expect(
        _ code: StoreError.Code, from what: String, _ body: () async throws -> Void
    ) async throws {
        do {
            try await body()
        } catch let error as StoreError {
            return try expect(error.code, code, what)
        }
        throw Difference("\(what): no error, expected \(code)")
    }

    /// Expects the store to hold just `entries`, whichever way one looks.
    func expect(_ store: any StoreReader, holds entries: [Entry], _ what: String = "the store's entries") async throws {
        try expect(try await store.list(), entries, what)
        try expect(try await store.list(order: .reverse), entries.reversed(), "\(what), in reverse")
    }

    private func short(_ value: some Any) -> String {
        let text = "\(value)"
        return text.count <= 600 ? text : "\(text.prefix(600))… (\(text.count) characters)"
    }
}

extension StoreReader {
    /// The entries of a scan as an array.
    func list(
        _ range: KeyRange = .all, order: ScanOrder = .forward, limit: Int? = nil
    ) async throws(StoreError) -> [Entry] {
        var all: [Entry] = []
        for try await entry in entries(in: range, order: order, limit: limit) { all.append(entry) }
        return all
    }
}

extension Bytes {
    /// `count` bytes, all of them `byte`.
    init(repeating byte: UInt8, count: Int) { self.init(Array(repeating: byte, count: count)) }

    /// A number as eight bytes whose order is that of the numbers.
    init(number: Int) { self.init((0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }) }

    /// The number that ``init(number:)`` wrote.
    var number: Int { reduce(0) { $0 << 8 | Int($1) } }
}

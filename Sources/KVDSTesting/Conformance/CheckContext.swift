import KVDS
import Synchronization

/// What a check works with: its stores and its expectations.
final class CheckContext: Sendable {
    let suite: StoreConformance
    private let stores = Mutex<[any KeyValueStore]>([])

    init(suite: StoreConformance) { self.suite = suite }

    /// A random number generator that starts with the suite's seed each time.
    var random: SplitMix64 { SplitMix64(seed: suite.seed) }

    /// Opens another empty store.
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

    /// Requires a capability of the store. If the store lacks it, throws, and the check is skipped.
    func require<Capability>(_ capability: Capability?, _ name: String) throws(MissingCapability) {
        if capability == nil { throw MissingCapability(name: name) }
    }

    func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws(Difference) {
        if !condition { throw Difference("\(what()): not so") }
    }

    func expect<T: Equatable>(
        _ actual: T, _ expected: T, _ what: @autoclosure () -> String
    ) throws(Difference) {
        if actual != expected { throw Difference("\(what()): got \(short(actual)), expected \(short(expected))") }
    }

    /// Expects `body` to throw an error with this code.
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

    /// Expects the store to hold exactly `entries`, in a forward and in a reverse scan.
    func expect(_ store: any StoreReader, holds entries: [Entry], _ what: String = "the store's entries") async throws {
        try expect(try await store.list(), entries, what)
        try expect(try await store.list(order: .reverse), entries.reversed(), "\(what), in reverse")
    }

    private func short(_ value: some Any) -> String {
        let text = "\(value)"
        return text.count <= 600 ? text : "\(text.prefix(600))… (\(text.count) characters)"
    }
}

import KVDSTesting
import Testing

@testable import KVDS

@Suite("NamespacedStore", .timeLimit(.minutes(5)))
struct NamespacedStoreTests {
    /// A prefix that has a successor, and one that has none.
    private static let prefixes: [Bytes] = ["users/", Bytes([0xFF, 0xFF])]

    @Test("a namespace of a memory store keeps the contract:", arguments: StoreConformance.checks)
    func conformance(_ check: StoreConformance.Check) async throws {
        for prefix in Self.prefixes {
            let suite = StoreConformance(increments: 10, operations: 300) {
                NamespacedStore(MemoryStore(), prefix: prefix)
            }
            let outcome = try await suite.run(check)
            #expect(check.needsReopening || outcome == .passed)
        }
    }

    @Test("a namespace within a namespace keeps the contract:", arguments: StoreConformance.checks)
    func nested(_ check: StoreConformance.Check) async throws {
        let suite = StoreConformance(increments: 10, operations: 100) {
            NamespacedStore(NamespacedStore(MemoryStore(), prefix: "outer/"), prefix: "inner/")
        }
        let outcome = try await suite.run(check)
        #expect(check.needsReopening || outcome == .passed)
    }

    /// A namespace among other keys, which sort before, between and after its own.
    private static func namespace(_ prefix: Bytes, of store: any KeyValueStore) async throws -> NamespacedStore {
        try await store.write { batch in
            for key in [Bytes([0]), "users", prefix, "users0", "zebra", Bytes([0xFF])] {
                batch.set(key, to: "neighbour")
            }
        }
        return NamespacedStore(store, prefix: prefix)
    }

    @Test("a namespace changes no key outside it", arguments: prefixes)
    func isolation(_ prefix: Bytes) async throws {
        let store = MemoryStore()
        let namespace = try await Self.namespace(prefix, of: store)
        let neighbours = try await store.list()
        try await namespace.set("a", to: "1")
        #expect(try await store.get(namespace.namespace.outer("a")) == "1")
        #expect(try await namespace.list() == [Entry(key: "a", value: "1")])
        #expect(try await namespace.list(order: .reverse, limit: 5).count == 1)
        #expect(try await namespace.snapshot().list().count == 1)
        #expect(try await namespace.verify() == 1)
        try await namespace.delete(in: .all)
        #expect(try await store.list() == neighbours)
    }

    @Test("a namespace shows errors as its own, with its own keys")
    func errors() async throws {
        let base = ModelStore(limits: StoreLimits(maximumKeyLength: 10, maximumValueLength: 4))
        let namespace = NamespacedStore(base, prefix: "users/")
        #expect(namespace.limits == StoreLimits(maximumKeyLength: 4, maximumValueLength: 4))
        for key in ["", "12345"] as [Bytes] {
            let error = await thrownError { try await namespace.set(key, to: "1") }
            #expect(error?.code == .invalidKey && error?.key == key)
        }
        let error = await thrownError { try await namespace.set("1234", to: "12345") }
        #expect(error?.code == .invalidValue && error?.key == "1234")
        try await base.close()
        let closed = await thrownError { _ = try await namespace.get("1234") }
        #expect(closed?.code == .closed && closed?.store == namespace.description)
        #expect(!namespace.isOpen)
        // A key that is not in the namespace belongs to another one.
        let foreign = namespace.translated(StoreError(.ioFailure, "It failed.", key: "other"))
        #expect(foreign.key == nil && foreign.store == namespace.description)
        let caused = namespace.translated(
            StoreError(.ioFailure, "It failed.", cause: StoreError(.corrupt, "It is damaged.", key: "users/1")))
        #expect((caused.cause as? StoreError)?.key == "1")
    }

    @Test("a namespace allows no key where its prefix takes up the whole length")
    func longPrefix() async throws {
        let base = ModelStore(limits: StoreLimits(maximumKeyLength: 4, maximumValueLength: 4))
        let namespace = NamespacedStore(base, prefix: "users/")
        let error = await thrownError { try await namespace.set("a", to: "1") }
        #expect(error?.code == .invalidKey)
        let whole = NamespacedStore(base, prefix: "full")
        try await base.set("full", to: "1")
        #expect(try await whole.verifyEntries { _ in } == 0)
    }

    @Test("printing a namespace, or a layer over it, shows no byte of its prefix")
    func description() {
        struct Forwarding: StoreLayer { let base: any KeyValueStore }
        let namespace = NamespacedStore(MemoryStore(), prefix: "secret/")
        for text in ["\(namespace)", "\(Forwarding(base: namespace))", String(describing: namespace.readOnly)] {
            #expect(text.contains("memory") && !text.contains("secret"))
        }
    }

    @Test("an observer of a namespace does not wake for commits outside it")
    func observation() async throws {
        let store = MemoryStore()
        let namespace = NamespacedStore(store, prefix: "users/")
        let seen = Monitor<[[Entry]]>([])
        let observer = Task {
            for try await element in namespace.observe() {
                let count = seen.withLock { seen in
                    seen.append(element)
                    return seen.count
                }
                if count == 2 { return }
            }
        }
        func waits(after count: Int) async {
            while seen.withLock({ $0.count }) < count { await Task.yield() }
            while seen.withLock({ $0.count }) == count, store.feed.state.withLock({ $0.waiting.isEmpty }) {
                await Task.yield()
            }
        }
        await waits(after: 1)
        try await store.set("zebra", to: "1")
        await waits(after: 1)
        try await namespace.set("a", to: "1")
        try await observer.value
        #expect(seen.withLock { $0 } == [[], [Entry(key: "a", value: "1")]])
    }

    @Test("a subscriber to a namespace receives its changes and no others")
    func feed() async throws {
        let store = MemoryStore()
        let namespace = NamespacedStore(store, prefix: "users/")
        var events = namespace.changes(prefix: "a").makeAsyncIterator()
        var all = namespace.changes().makeAsyncIterator()
        try await store.set("another key", to: "1")
        try await store.write { batch in
            batch.set("another key", to: "2")
            batch.set("users/a", to: "1")
        }
        let revision = try await store.statistics().engine.revision
        // A feed that missed a commit delivers this one instead, and the test does not wait.
        try await namespace.set("b", to: "1")
        #expect(try await events.next() == .commit(revision, [Change(key: "a", value: "1")]))
        #expect(try await all.next() == .commit(Revision(rawValue: 1), []))
        #expect(try await all.next() == .commit(revision, [Change(key: "a", value: "1")]))
        #expect(try await namespace.snapshot().revision > revision)
    }

    @Test("a namespace has no backup and throws .notSupported")
    func backup() async throws {
        let namespace = NamespacedStore(StoreWithBackups(base: MemoryStore()), prefix: "users/")
        #expect(namespace.base.backups != nil)
        let error = await thrownError { try await namespace.backup(to: "nowhere") }
        #expect(error?.code == .notSupported && error?.store == namespace.description)
    }

    @Test("a namespace reports and verifies its own entries")
    func inspection() async throws {
        let namespace = try await Self.namespace("users/", of: MemoryStore())
        try await namespace.set("a", to: "1")
        #expect(try await namespace.verify() == 1)
        #expect(try await namespace.statistics().engine.entryCount == nil)
        #expect(!namespace.isShared)
    }
}

/// A store that can be copied, as far as anyone sees.
private struct StoreWithBackups: StoreLayer, BackupProvider {
    let base: any KeyValueStore
    var backups: (any BackupProvider)? { self }

    func copy(to path: String, progress: @escaping @Sendable (Int) -> Void) async throws(StoreError) {}
}

private func thrownError(_ body: () async throws -> Void) async -> StoreError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? StoreError
    }
}

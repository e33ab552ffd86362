import KVDSTesting
import TestSupport
import KVDS
import Synchronization

/// The backends that a distributor is tested with.
enum Served: String, CaseIterable, Sendable {
    case memory, lmdb, rocksdb

    static let disks: [Served] = [.lmdb, .rocksdb]

    var backend: Backend {
        switch self {
        case .memory: .memory
        case .lmdb: DiskBackend.lmdb.backend
        case .rocksdb: DiskBackend.rocksdb.backend
        }
    }

    var disk: DiskBackend? { DiskBackend(rawValue: rawValue) }
}

/// Yields to other tasks until something is freed, at most for a minute. Nothing signals the release.
func untilFreed(_ isFreed: () -> Bool) async {
    let deadline = ContinuousClock.now + .seconds(60)
    while !isFreed(), .now < deadline { await Task.yield() }
}

/// A memory backend that counts and records its openings, and can fail.
final class CountingBackend: Sendable {
    let opened = AtomicCounter()
    let failures: Mutex<Int>
    private struct Last { weak var store: MemoryStore? }
    private let last = Mutex(Last())

    init(failures: Int = 0) { self.failures = Mutex(failures) }

    var lastStore: MemoryStore? { last.withLock { $0.store } }

    var backend: Backend {
        Backend(name: "counting", isPersistent: false) { location, configuration throws(StoreError) in
            self.opened.add()
            // Long enough for other tasks to make requests in the meantime.
            for _ in 0..<100 { await Task.yield() }
            let fails = self.failures.withLock { left in
                left -= 1
                return left >= 0
            }
            if fails { throw StoreError(.ioFailure, "It was told to fail.", store: location) }
            let store = try await Backend.memory.open(at: location, configuration: configuration)
            self.last.withLock { $0.store = store as? MemoryStore }
            return store
        }
    }
}

/// Calls `body` with a distributor on a new directory, and shuts the distributor down.
func withDistributor<R>(_ body: (DistributorActor) async throws -> R) async throws -> R {
    try await withTemporaryDirectory { path in
        let distributor = DistributorActor(directory: "\(path)/stores")
        do {
            let result = try await body(distributor)
            await distributor.shutdown()
            return result
        } catch {
            await distributor.shutdown()
            throw error
        }
    }
}

/// Reads events until one of this kind arrives.
func next(_ kind: LifetimeEvent.Kind, _ events: inout AsyncStream<LifetimeEvent>.Iterator) async -> LifetimeEvent? {
    while let event = await events.next(isolation: nil) {
        if event.kind == kind { return event }
    }
    return nil
}

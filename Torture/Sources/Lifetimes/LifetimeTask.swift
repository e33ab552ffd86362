#if Command
import KVDS
import KVDSTesting

/// One of many tasks that open stores, use them, and release them in every possible way.
struct LifetimeTask {
    static let ids = 300

    let distributor: DistributorActor
    let backend: Backend
    let leak: Leak?
    var random: SplitMix64
    private var held: [StoreHandle] = []
    private(set) var uses = 0

    init(_ distributor: DistributorActor, _ backend: Backend, leak: Leak?, seed: UInt64) {
        self.distributor = distributor
        self.backend = backend
        self.leak = leak
        random = SplitMix64(seed: seed)
    }

    mutating func run(steps: Int) async throws {
        for _ in 0..<steps {
            do {
                try await step()
            } catch let error as StoreError where error.code == .closed || error.code == .cancelled {
                // Another task has closed the store, or this one was cancelled.
            }
            uses += 1
        }
    }

    private mutating func step() async throws {
        let id = StoreID("store \(random.below(Self.ids))")
        if random.oneIn(20) { return await cancel(id) }
        let store = try await distributor.store(id, on: backend)
        if leak != nil, random.oneIn(50) { try await leak?.leak(store) }
        switch random.below(10) {
        case 0: try await store.close()
        case 1: if !held.isEmpty { held.remove(at: random.below(held.count)) }
        case 2, 3:
            held.append(store)
            if held.count > 4 { held.removeFirst() }
        default: try await use(store)
        }
    }

    /// Releases all handles.
    mutating func finish() { held = [] }

    private mutating func use(_ store: StoreHandle) async throws {
        let key = Bytes("key \(random.below(20))")
        try await store.write(durability: .buffered) { $0.set(key, to: Bytes("value \(uses)")) }
        switch random.below(6) {
        case 0:
            var scan = store.entries().makeAsyncIterator()
            _ = try await scan.next()
        case 1:
            let snapshot = try await store.snapshot()
            _ = try await snapshot.get(key)
            if random.oneIn(2) { snapshot.close() }
        case 2:
            let observed = Task { for try await _ in store.changes(in: .all) { break } }
            observed.cancel()
            _ = await observed.result
        case 3:
            try await store.withTransaction { tx in
                let old = try await tx.get(key)
                tx.set(key, to: old ?? "1")
            }
        case 4: try await store.delete(in: .all)
        default: _ = try await store.get(key)
        }
    }

    /// Opens a store and is cancelled in the meantime.
    private mutating func cancel(_ id: StoreID) async {
        let (distributor, backend) = (distributor, backend)
        let task = Task {
            let store = try await distributor.store(id, on: backend)
            for try await entry in store.entries() where entry.value.isEmpty { break }
            try await store.set("a", to: "1")
        }
        if random.oneIn(2) { await Task.yield() }
        task.cancel()
        _ = await task.result
    }
}
#endif

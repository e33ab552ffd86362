#if Command
import KVDS
import KVDSLMDB
import KVDSTesting

/// Opens and closes many snapshots of one LMDB store, and checks that no reader slot is lost.
enum ReaderStorm {
    private static let readers = 64
    private static let snapshots = 3_000

    static func run(_ distributor: DistributorActor, seed: UInt64, leak: Leak?) async throws {
        let store = try await distributor.store("readers", on: .lmdb(LMDBConfiguration(maximumReaders: readers)))
        try await store.write { batch in for key in 0..<500 { batch.set(Bytes("key \(key)"), to: Bytes("\(key)")) } }
        let before = try await capacity(of: store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { try await use(store, snapshots / 8, SplitMix64(seed: seed ^ UInt64(task)), leak) }
            }
            try await group.waitForAll()
        }
        let after = try await capacity(of: store)
        try require(before > 0 && before == after, "\(before) snapshots could be held at once, and now \(after)")
        try await store.close()
    }

    /// Returns how many snapshots can be open at once.
    private static func capacity(of store: StoreHandle) async throws -> Int {
        var held: [any StoreSnapshot] = []
        do {
            while true { held.append(try await store.snapshot()) }
        } catch {
            guard error.code == .tooManySnapshots else { throw error }
        }
        for snapshot in held { snapshot.close() }
        return held.count
    }

    private static func use(_ store: StoreHandle, _ count: Int, _ random: SplitMix64, _ leak: Leak?) async throws {
        var random = random
        for _ in 0..<count {
            if leak == .snapshot, random.oneIn(500) { try await leak?.leak(store) }
            switch random.below(4) {
            case 0:
                var scan = store.entries().makeAsyncIterator()
                for _ in 0..<random.below(300) { _ = try await scan.next() }
            case 1:
                let snapshot = try await store.snapshot()
                _ = try await snapshot.get("key 1")
                if random.oneIn(2) { snapshot.close() }
            case 2:
                let scan = Task { for try await entry in store.entries() where entry.key.isEmpty { break } }
                scan.cancel()
                _ = await scan.result
            default:
                _ = try await store.get("key 2")
                try await store.write(durability: .buffered) { $0.set("key 3", to: "3") }
            }
        }
    }
}
#endif

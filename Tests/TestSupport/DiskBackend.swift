public import KVDS
import KVDSLMDB
import KVDSRocksDB

/// The disk backends, for tests that run on both.
public enum DiskBackend: String, CaseIterable, Sendable {
    case lmdb
    case rocksdb

    public var backend: Backend {
        switch self {
        case .lmdb: .lmdb
        case .rocksdb: .rocksDB
        }
    }

    /// Opens the store in the directory at `path`.
    public func open(_ path: String, durability: Durability = .durable) async throws(StoreError) -> any KeyValueStore {
        try await backend.open(at: path, configuration: StoreConfiguration(durability: durability))
    }

    /// Calls `body` with a new store and the path of a new directory that contains only the store, as `store`. Closes
    /// the store and removes the directory afterwards.
    public func withStore(
        durability: Durability = .durable, _ body: (any KeyValueStore, String) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { path in
            let store = try await open("\(path)/store", durability: durability)
            try await body(store, path)
            try await store.close()
        }
    }
}

/// The disk backends, as the arguments of a test.
public let disks = DiskBackend.allCases

extension StoreReader {
    /// Returns the number of entries of a scan that is read by pages.
    public func count(_ range: KeyRange = .all) async throws(StoreError) -> Int {
        var count = 0
        for try await page in entries(in: range).pages { count += page.count }
        return count
    }

    /// Returns the number stored at `key`, or 0 if there is none.
    public func number(_ key: Bytes) async throws(StoreError) -> Int {
        try await get(key).flatMap { String(validating: $0) }.flatMap(Int.init) ?? 0
    }
}

extension KeyValueStore {
    /// Adds 1 to the number at `key`, `count` times, by compare-and-swap.
    public func increment(_ key: Bytes, _ count: Int) async throws(StoreError) {
        for _ in 0..<count {
            while true {
                let old = try await get(key)
                let number = old.flatMap { String(validating: $0) }.flatMap(Int.init) ?? 0
                if try await compareAndSwap(key, expected: old, new: Bytes(String(number + 1))) { break }
            }
        }
    }
}

/// Returns the `StoreError` that `body` throws, or nil if it throws none.
public func storeError(_ body: () async throws -> Void) async throws -> StoreError? {
    do {
        try await body()
        return nil
    } catch let error as StoreError {
        return error
    }
}

public import KVDS
import KVDSLMDB
import KVDSRocksDB

/// What every disk store can do.
public typealias DiskStore = StoreInspector & BackupProvider

/// The backends on disk, for tests that hold for both.
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
    public func open(_ path: String, durability: Durability = .durable) async throws(StoreError) -> any DiskStore {
        let store = try await backend.open(at: path, configuration: StoreConfiguration(durability: durability))
        guard let store = store as? any DiskStore else {
            throw StoreError(.invalidArgument, "The backend's stores cannot be looked into or backed up.", store: path)
        }
        return store
    }
}

extension StoreReader {
    /// The entries of a scan as an array.
    public func list(
        _ range: KeyRange = .all, order: ScanOrder = .forward, limit: Int? = nil
    ) async throws(StoreError) -> [Entry] {
        var all: [Entry] = []
        for try await entry in entries(in: range, order: order, limit: limit) { all.append(entry) }
        return all
    }

    /// How many entries a scan finds, read page by page.
    public func count(_ range: KeyRange = .all) async throws(StoreError) -> Int {
        var count = 0
        for try await page in entries(in: range).pages { count += page.count }
        return count
    }

    /// The number that is the value of `key`; 0 when there is none.
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

extension Bytes {
    /// `count` bytes, all of them `byte`.
    public init(repeating byte: UInt8, count: Int) { self.init(Array(repeating: byte, count: count)) }
}

/// What the call throws as a `StoreError`.
///
/// - Returns: nil when it throws nothing.
public func storeError(_ body: () async throws -> Void) async throws -> StoreError? {
    do {
        try await body()
        return nil
    } catch let error as StoreError {
        return error
    }
}

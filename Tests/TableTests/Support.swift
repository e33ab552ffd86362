import KVDS
import KVDSRecords
import TestSupport

/// The stores over which every test of a table runs.
enum TableStore: String, CaseIterable, Sendable {
    case memory, lmdb, rocksdb

    func with(_ body: (any KeyValueStore) async throws -> Void) async throws {
        guard let disk = DiskBackend(rawValue: rawValue) else {
            let store = MemoryStore()
            try await body(store)
            return try await store.close()
        }
        try await disk.withStore(durability: .buffered) { store, _ in try await body(store) }
    }
}

struct User: Codable, Equatable, Sendable {
    var id: Int
    var name: String
    var city: String?
    var age: Int
}

let users = Table<User>("users", key: \.id)

extension User {
    init(_ id: Int, name: String = "ada") { self.init(id: id, name: name, city: "Oslo", age: 36) }
}

/// The code of the error that `body` throws; nil if it throws none.
func code(_ body: () async throws -> Void) async throws -> StoreError.Code? { try await storeError(body)?.code }

extension AsyncSequence {
    func collected() async throws -> [Element] {
        var all: [Element] = []
        for try await element in self { all.append(element) }
        return all
    }
}

#if Command
import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A store that is broken on purpose: a file of lengths and bytes without a checksum, read into memory.
enum UncheckedStore {
    private static let name = "data.mdb"

    static func make(at path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        var bytes: [UInt8] = []
        for (key, value) in FlipsStore.states[FlipsStore.states.count - 1] where value.count < 256 {
            bytes += [UInt8(key.count)] + Array(key) + [UInt8(value.count)] + Array(value)
        }
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    static func open(_ path: String) async throws(StoreError) -> any KeyValueStore {
        let data = (try? Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))) ?? Data()
        var rest = Array(data)[...]
        func piece() -> Bytes {
            let count = Int(rest.popFirst() ?? 0)
            defer { rest = rest.dropFirst(count) }
            return Bytes(rest.prefix(count))
        }
        var batch = WriteBatch()
        while !rest.isEmpty {
            let key = piece()
            batch.set(key.isEmpty ? "empty" : key, to: piece())
        }
        batch.set("large", to: FlipsStore.states[FlipsStore.states.count - 1]["large"] ?? "")
        let store = MemoryStore()
        try await store.commit(batch)
        return store
    }
}
#endif

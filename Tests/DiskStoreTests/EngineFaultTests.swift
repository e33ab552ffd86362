import TestSupport
import KVDS
import KVDSLMDB
import KVDSRocksDB
import KVDSTesting
import Testing

@Suite("A disk engine that fails", .timeLimit(.minutes(5)))
struct EngineFaultTests {
    @Test("an engine failure in the middle of a batch discards the batch and keeps the store usable", arguments: disks)
    func middle(_ backend: DiskBackend) async throws {
        switch backend {
        case .lmdb: try await middle(makeLMDB)
        case .rocksdb: try await middle(makeRocksDB)
        }
    }

    @Test("after an unknown outcome a disk store refuses writes until it is reopened", arguments: disks)
    func unknown(_ backend: DiskBackend) async throws {
        switch backend {
        case .lmdb: try await unknown(makeLMDB, backend)
        case .rocksdb: try await unknown(makeRocksDB, backend)
        }
    }

    private func middle<Engine: StorageEngine>(
        _ make: @escaping @Sendable (String) throws(StoreError) -> Engine
    ) async throws {
        try await withTemporaryDirectory { path in
            let faults = Faults()
            let store = try await open(make, path, faults)
            try await store.set("kept", to: "1")
            faults.fail(.set, onCall: 2, with: StoreError(.ioFailure, "injected"))
            let failure = await #expect(throws: StoreError.self) {
                try await store.write { batch in
                    for key: Bytes in ["a", "b", "c"] { batch.set(key, to: "2") }
                }
            }
            #expect(failure?.code == .ioFailure)
            #expect(try await store.list() == [Entry(key: "kept", value: "1")])
            try await store.set("after", to: "3")
            #expect(try await store.get("after") == "3")
            try await store.close()
        }
    }

    private func unknown<Engine: StorageEngine>(
        _ make: @escaping @Sendable (String) throws(StoreError) -> Engine, _ backend: DiskBackend
    ) async throws {
        try await withTemporaryDirectory { path in
            let faults = Faults()
            let store = try await open(make, path, faults)
            try await store.set("kept", to: "1")
            faults.fail(.committed, with: StoreError(.outcomeUnknown, "injected"))
            #expect(
                await #expect(throws: StoreError.self) { try await store.set("a", to: "2") }?.code == .outcomeUnknown)
            #expect(
                await #expect(throws: StoreError.self) { try await store.set("b", to: "2") }?.code == .writesRefused)
            #expect(try await store.get("kept") == "1")
            try await store.close()

            let again = try await backend.open(path)
            #expect(try await again.get("kept") == "1")
            #expect(try await again.get("b") == nil)
            try await again.set("b", to: "3")
            try await again.close()
        }
    }

    private func open<Engine: StorageEngine>(
        _ make: @escaping @Sendable (String) throws(StoreError) -> Engine, _ path: String, _ faults: Faults
    ) async throws(StoreError) -> EmbeddedStore<FaultInjectingEngine<Engine>> {
        try await EmbeddedStore.open("faulty:\(path)") { () throws(StoreError) in
            FaultInjectingEngine(try make(path), faults: faults)
        }
    }
}

@Sendable private func makeLMDB(_ path: String) throws(StoreError) -> LMDBEngine { try LMDBEngine.create(at: path) }
@Sendable private func makeRocksDB(_ path: String) throws(StoreError) -> RocksDBEngine {
    try RocksDBEngine.create(at: path)
}

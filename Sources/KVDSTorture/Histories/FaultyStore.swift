import KVDS
import KVDSLMDB
import KVDSRocksDB
import KVDSTesting

/// A store whose engine fails when told to, and which is opened again as often as it is closed.
actor FaultyStore {
    /// One opening of it.
    struct Opened: Sendable {
        let store: any KeyValueStore
        let number: Int
    }

    nonisolated let faults = Faults()
    private let backend: TortureBackend
    private let path: String
    /// Whether all is done on the threads of the callers.
    private let isInline: Bool
    private let breakage: Breakage?
    /// What a store in memory has, from one opening to the next.
    private let memory = MemoryEngine()
    private var current: Task<Opened, any Error>?
    private(set) var openings = 0

    init(_ backend: TortureBackend, _ path: String, isInline: Bool, breakage: Breakage?) {
        self.backend = backend
        self.path = path
        self.isInline = isInline
        self.breakage = breakage
    }

    /// The store, opened if it is not open.
    func opened() async throws -> Opened {
        if let current { return try await current.value }
        openings += 1
        if isInline {
            // Nobody else is there, and a task of its own would run elsewhere.
            let opened = Opened(store: try await open(), number: openings)
            current = Task { opened }
            return opened
        }
        let opening = Task { [openings] in Opened(store: try await open(), number: openings) }
        current = opening
        return try await opening.value
    }

    /// Closes an opening, unless that was done already.
    func close(_ number: Int) async throws {
        guard let opening = current, try await opening.value.number == number, current == opening else { return }
        // Whoever asks from now on waits for the closing.
        current = Task {
            try await opening.value.store.close()
            return try await self.reopened()
        }
        _ = try await current?.value
    }

    func close() async throws {
        faults.clear()
        let last = try await current?.value
        try await last?.store.close()
        current = nil
    }

    private func reopened() async throws -> Opened {
        openings += 1
        return Opened(store: try await open(), number: openings)
    }

    private func open() async throws -> any KeyValueStore {
        let store: any KeyValueStore
        let path = path
        switch backend {
        case .memory:
            let memory = memory
            store = try await open { () throws(StoreError) in InlineEngine(memory, isKept: true) }
        case .lmdb:
            store = try await open { () throws(StoreError) in
                try LMDBEngine(path: path, configuration: LMDBConfiguration(initialMapSize: 1 << 20))
            }
        case .rocksdb:
            store = try await open { () throws(StoreError) in
                try RocksDBEngine(path: path, configuration: RocksDBConfiguration(writeBufferSize: 256 << 10))
            }
        }
        return breakage.map { BrokenStore(store, $0) } ?? store
    }

    private func open<Engine: StorageEngine>(
        _ make: @escaping @Sendable () throws(StoreError) -> Engine
    ) async throws(StoreError) -> any KeyValueStore {
        let faults = faults
        let configuration = StoreConfiguration(durability: .buffered)
        if isInline {
            return try await EmbeddedStore.open("faulty:", configuration: configuration) { () throws(StoreError) in
                InlineEngine(FaultInjectingEngine(try make(), faults: faults))
            }
        }
        return try await EmbeddedStore.open("faulty:", configuration: configuration) { () throws(StoreError) in
            FaultInjectingEngine(try make(), faults: faults)
        }
    }
}

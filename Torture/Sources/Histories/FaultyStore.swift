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
    private let bug: PlantedBug?
    /// What a store in memory has, from one opening to the next.
    private let memory = MemoryEngine()
    private var state = State.closed
    private var openings = 0

    private enum State {
        case closed
        case open(Opened)
        /// Between the two; whoever asks meanwhile waits.
        case opening(Task<Opened, any Error>)
    }

    init(_ backend: TortureBackend, _ path: String, isInline: Bool, bug: PlantedBug?) {
        self.backend = backend
        self.path = path
        self.isInline = isInline
        self.bug = bug
    }

    /// The store, opened if it is not open.
    func opened() async throws -> Opened {
        switch state {
        case .open(let opened): return opened
        case .opening(let opening): return try await opening.value
        case .closed:
            // Inline, nobody else is there, and a task of its own would run elsewhere.
            if isInline {
                let opened = try await reopened()
                state = .open(opened)
                return opened
            }
            return try await finish(Task { try await reopened() })
        }
    }

    /// Closes an opening, unless that was done already, and opens the store again.
    func close(_ number: Int) async throws {
        guard case .open(let opened) = state, opened.number == number else { return }
        _ = try await finish(
            Task {
                try await opened.store.close()
                return try await reopened()
            })
    }

    /// Closes the store when nobody uses it.
    func close() async throws {
        faults.clear()
        guard case .open(let opened) = state else { return }
        try await opened.store.close()
        state = .closed
    }

    private func finish(_ opening: Task<Opened, any Error>) async throws -> Opened {
        state = .opening(opening)
        let opened = try await opening.value
        state = .open(opened)
        return opened
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
        return bug.map { BrokenStore(store, $0) } ?? store
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

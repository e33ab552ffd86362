#if Command
import KVDS
import KVDSLMDB
import KVDSRocksDB
import KVDSTesting

/// A store whose engine fails on request. It is opened again each time it was closed.
actor FaultyStore {
    /// One opening of the store.
    struct Opened: Sendable {
        let store: any KeyValueStore
        let number: Int
    }

    nonisolated let faults = Faults()
    private let backend: TortureBackend
    private let path: String
    /// Whether all work runs on the threads of the callers.
    private let isInline: Bool
    private let bug: PlantedBug?
    /// The contents of a memory store, kept from one opening to the next.
    private let memory = MemoryEngine()
    private var state = State.closed
    private var openings = 0

    private enum State {
        case closed
        case open(Opened)
        /// Being reopened; callers wait for it.
        case opening(Task<Opened, any Error>)
    }

    init(_ backend: TortureBackend, _ path: String, isInline: Bool, bug: PlantedBug?) {
        self.backend = backend
        self.path = path
        self.isInline = isInline
        self.bug = bug
    }

    /// Returns the store, and opens it if necessary.
    func opened() async throws -> Opened {
        switch state {
        case .open(let opened): return opened
        case .opening(let opening): return try await opening.value
        case .closed:
            // Inline there are no other callers, and a separate task would run elsewhere.
            if isInline {
                let opened = try await reopened()
                state = .open(opened)
                return opened
            }
            return try await finish(Task { try await reopened() })
        }
    }

    /// Closes this opening, unless that was already done, and opens the store again.
    func close(_ number: Int) async throws {
        guard case .open(let opened) = state, opened.number == number else { return }
        _ = try await finish(
            Task {
                try await opened.store.close()
                return try await reopened()
            })
    }

    /// Closes the store. No other task may be using it.
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
#endif

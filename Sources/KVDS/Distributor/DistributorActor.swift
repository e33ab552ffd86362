import Logging

/// Owns stores: opens each once, hands out shares in it, and closes it when nobody holds one any more.
///
/// ```swift
/// let distributor = DistributorActor(directory: "/var/lib/app")
/// let sessions = try await distributor.store("sessions", on: .memory)
/// ```
///
/// A store is in one of three states, and whoever asks for it meanwhile waits for the next:
///
///     (none) ── store(_:on:) ──► opening ──► live ── last handle gone ──► closing ──► (none)
///
/// The registry holds the handle weakly. Between its end and the note that its tag sends, a request finds the weak
/// reference empty: it then begins the closing itself, waits for it, and opens anew.
public actor DistributorActor: LifetimeObserver {
    /// What a store is known by: one made from a URL by that, any other by its backend and id.
    struct Key: Hashable {
        let backend: Backend
        let id: StoreID?
    }

    private struct Live {
        weak var handle: StoreHandle?
        let base: any KeyValueStore
        let store: OpenStore
    }

    private enum Slot {
        case opening(Task<Result<StoreHandle, StoreError>, Never>)
        case live(Live)
        case closing(Task<Void, Never>)
    }

    /// Where the stores on disk are, each in a directory of its own.
    public nonisolated let directory: String
    private nonisolated let configuration: Configuration
    private nonisolated let events = Monitor(LifetimeEvents())

    private var slots: [Key: Slot] = [:]
    private var keys: [UInt64: Key] = [:]
    private var isShutDown = false

    /// A distributor of stores. Nothing is opened or made yet.
    ///
    /// - Parameters:
    ///   - directory: where disk stores are kept; it is made when the first one is opened.
    ///   - configuration: how the distributor behaves.
    public init(directory: String, configuration: Configuration = Configuration()) {
        self.directory = directory
        self.configuration = configuration
    }

    /// A share in the store `id` on `backend`, which is opened if it is not open yet.
    ///
    /// Of any number of concurrent requests one opens the store, and all get the same handle. A request that arrives while
    /// the store is closing waits for that and opens it anew.
    ///
    /// - Parameters:
    ///   - id: the store's name.
    ///   - backend: what keeps the store.
    ///   - configuration: how the store behaves; it counts for the request that opens it. Default: the distributor's own.
    /// - Throws: `.invalidStoreID`, `.storeInUse` when the same files are open elsewhere, `.closed` after ``shutdown()``,
    ///   and what opening the files throws.
    public func store(
        _ id: StoreID, on backend: Backend, configuration: StoreConfiguration? = nil
    ) async throws(StoreError) -> StoreHandle {
        let key = Key(backend: backend, id: backend.location == nil ? id : nil)
        while true {
            if isShutDown { throw StoreError(.closed, "The distributor was shut down.", store: directory) }
            switch slots[key] {
            case nil:
                let opening = Task { await open(key, id, configuration ?? self.configuration.store) }
                slots[key] = .opening(opening)
                let handle = try await opening.value.get()
                if handle.isOpen { return handle }
            case .opening(let opening):
                // Whoever was first may have closed it already.
                let handle = try await opening.value.get()
                if handle.isOpen { return handle }
            case .live(let live):
                if let handle = live.handle, handle.isOpen { return handle }
                beginClosing(key, live)
            case .closing(let closing):
                await closing.value
            }
        }
    }

    /// The stores that are open now.
    public var openStores: [OpenStore] {
        slots.values.compactMap { slot in
            if case .live(let live) = slot, live.handle != nil { live.store } else { nil }
        }
    }

    /// What happens to the stores from now on, each call a stream of its own; it ends with the shutdown.
    ///
    /// A subscriber that falls more than 1,024 events behind loses the oldest.
    public nonisolated var lifetimeEvents: AsyncStream<LifetimeEvent> {
        AsyncStream(bufferingPolicy: .bufferingNewest(LifetimeEvents.bufferCount)) { continuation in
            guard let id = events.withLock({ $0.add(continuation) }) else { return continuation.finish() }
            continuation.onTermination = { [weak self] _ in self?.events.withLock { $0.remove(id) } }
        }
    }

    /// Closes every store, held or not, and waits until all are closed. Later requests, and calls on handles that are still
    /// held, throw `.closed`. May be called twice.
    public func shutdown() async {
        isShutDown = true
        while !slots.isEmpty {
            for case (let key, .live(let live)) in slots { beginClosing(key, live) }
            switch slots.first?.value {
            case .opening(let opening): _ = await opening.value
            case .closing(let closing): await closing.value
            case .live, nil: break
            }
        }
        for subscriber in events.withLock({ $0.finish() }) { subscriber.finish() }
    }

    /// Part of the registry's own bookkeeping: a handle's tag says that the handle has gone.
    public nonisolated func lifetimeEnded(_ number: UInt64) {
        Task { await released(number) }
    }

    private func released(_ number: UInt64) {
        guard let key = keys[number], case .live(let live) = slots[key], live.store.tag == number else { return }
        beginClosing(key, live)
    }

    private func open(
        _ key: Key, _ id: StoreID, _ configuration: StoreConfiguration
    ) async -> Result<StoreHandle, StoreError> {
        do throws(StoreError) {
            let location = try await location(of: id, on: key.backend)
            let base = try await key.backend.open(at: location, configuration: configuration)
            // To ask again would not help: the backend would be asked for ever.
            guard base.isOpen else {
                throw StoreError(
                    .closed, "The backend \(key.backend.name) has returned a store that is closed.", store: location)
            }
            let tag = LifetimeTag(observer: self)
            let handle = StoreHandle(base: base, tag: tag)
            let store = OpenStore(id: id, backend: key.backend, tag: tag.number)
            keys[tag.number] = key
            slots[key] = .live(Live(handle: handle, base: base, store: store))
            send(.opened, store)
            return .success(handle)
        } catch {
            slots[key] = nil
            return .failure(error)
        }
    }

    private func location(of id: StoreID, on backend: Backend) async throws(StoreError) -> String {
        if let location = backend.location { return location }
        guard backend.isPersistent else { return id.description }
        let names = [try StoreID(backend.name).fileName, try id.fileName]
        return try await WorkerThreads.blockingIO { [directory, configuration] () throws(StoreError) in
            try StoreDirectory.create(names, in: directory, permissions: configuration.directoryPermissions)
        }
    }

    private func beginClosing(_ key: Key, _ live: Live) {
        if live.handle == nil { send(.released, live.store) }
        slots[key] = .closing(Task { await close(key, live) })
    }

    private func close(_ key: Key, _ live: Live) async {
        do throws(StoreError) {
            try await live.base.close()
        } catch {
            configuration.logger.error(
                "closing a store failed",
                metadata: ["backend": "\(live.store.backend)", "id": "\(live.store.id)", "error": "\(error)"])
        }
        keys[live.store.tag] = nil
        slots[key] = nil
        send(.closed, live.store)
    }

    private nonisolated func send(_ kind: LifetimeEvent.Kind, _ store: OpenStore) {
        events.withLock { $0.send(kind, store) }
    }
}

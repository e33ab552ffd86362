import Logging

/// Opens each store once, hands out shared handles, and closes a store when its last handle is released.
///
/// ```swift
/// let distributor = DistributorActor(directory: "/var/lib/app")
/// let sessions = try await distributor.store("sessions", on: .memory)
/// ```
///
/// A store is in one of three states. A request that arrives while the store is opening or closing waits:
///
///     (none) ── store(_:on:) ──► opening ──► live ── handle released ──► closing ──► (none)
///
/// The registry holds the handle weakly. A request that comes after the release of the handle, but before the
/// notification from its tag, finds the weak reference empty. It then begins the closing itself, waits for it, and
/// opens the store again.
public actor DistributorActor: LifetimeObserver {
    /// Identifies a store: the backend alone if it was created from a URL, otherwise the backend and the id.
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

    /// The directory of the disk stores. Each store has its own directory below it.
    public nonisolated let directory: String
    private nonisolated let configuration: Configuration
    private nonisolated let events = Monitor(LifetimeEvents())

    private var slots: [Key: Slot] = [:]
    private var keys: [UInt64: Key] = [:]
    private var isShutDown = false

    /// Creates a distributor. It opens and creates nothing yet.
    ///
    /// - Parameters:
    ///   - directory: the directory of the disk stores. It is created when the first one is opened.
    ///   - configuration: the settings of the distributor.
    public init(directory: String, configuration: Configuration = Configuration()) {
        self.directory = directory
        self.configuration = configuration
    }

    /// Returns a shared handle to the store `id` on `backend`, and opens the store if it is not open.
    ///
    /// Concurrent requests open the store once and return the same handle. A request that arrives while the store is
    /// closing waits for the end of the closing and opens the store again.
    ///
    /// - Parameters:
    ///   - id: the name of the store. A backend that was created from a URL ignores it.
    ///   - backend: the backend that opens the store.
    ///   - configuration: the settings of the store, used only if this request opens it. Default: the distributor's
    ///     own.
    /// - Throws: `.invalidStoreID`; `.storeInUse` if the same files are open elsewhere; `.closed` after ``shutdown()``;
    ///   the errors of opening the files.
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
                // Another holder may have closed it already.
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

    /// The open stores whose handle is held.
    public var openStores: [OpenStore] {
        slots.values.compactMap { slot in
            if case .live(let live) = slot, live.handle != nil { live.store } else { nil }
        }
    }

    /// The lifetime events of the stores from now on. Each access returns a new stream, which ends with the shutdown.
    ///
    /// A subscriber that falls more than 1,024 events behind loses the oldest.
    public nonisolated var lifetimeEvents: AsyncStream<LifetimeEvent> {
        AsyncStream(bufferingPolicy: .bufferingNewest(LifetimeEvents.bufferCount)) { continuation in
            guard let id = events.withLock({ $0.add(continuation) }) else { return continuation.finish() }
            continuation.onTermination = { [weak self] _ in self?.events.withLock { $0.remove(id) } }
        }
    }

    /// Closes every store, whether or not its handle is held, and waits until all are closed. Errors are logged.
    ///
    /// Later requests, and later calls on handles, throw `.closed`. May be called more than once.
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

    /// Called by the tag of a handle when the handle was released. Not for other callers.
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
            // Without this check, requests would ask the backend again without end.
            guard base.isOpen else {
                throw StoreError(
                    .closed, "The backend \(key.backend.name) returned a closed store.", store: location)
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
        return try await WorkerThreads.blockingIO().run { [directory, configuration] () throws(StoreError) in
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

    /// Isolated to the actor, so that every subscriber receives the events in one order.
    private func send(_ kind: LifetimeEvent.Kind, _ store: OpenStore) {
        let event = LifetimeEvent(kind: kind, store: store)
        for subscriber in events.withLock({ $0.subscribers }) { subscriber.yield(event) }
    }
}

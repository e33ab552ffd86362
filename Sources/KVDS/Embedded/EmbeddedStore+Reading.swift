/// Reads run on the caller. Each passes the gate, so that closing and remapping can wait for it.
extension EmbeddedStore {
    public nonisolated func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        try limits.check(key: key)
        do {
            return try reading { () throws(StoreError) in try engine.get(key, mayWait: false) }
        } catch {
            return try await readAgain(after: error) { store throws(StoreError) in
                try store.engine.get(key, mayWait: true)
            }
        }
    }

    public nonisolated func exists(_ key: Bytes) async throws(StoreError) -> Bool {
        try await withValue(for: key) { _ in true } ?? false
    }

    public nonisolated func withValue<R>(
        for key: Bytes, _ body: (RawSpan) -> R
    ) async throws(StoreError) -> R? {
        try limits.check(key: key)
        do {
            return try reading { () throws(StoreError) in try engine.withValue(for: key, mayWait: false, body) }
        } catch {
            // `body` stays on the caller's thread: the value is fetched, then shown.
            let value = try await readAgain(after: error) { store throws(StoreError) in
                try store.engine.get(key, mayWait: true)
            }
            return value.map { body($0.bytes) }
        }
    }

    public nonisolated func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        Entries { ScanSession(store: self, range: range, order: order, limit: limit) }
    }

    /// Calls `body` inside the gate.
    nonisolated func reading<R>(_ body: () throws(StoreError) -> R) throws(StoreError) -> R {
        guard let pass = gate.enter() else { throw closedError }
        defer { gate.leave(pass) }
        return try body()
    }

    /// Repeats a read that could not be done on the caller's thread, after what it asks for.
    ///
    /// - Throws: `error` itself when nothing can be done about it.
    nonisolated func readAgain<R: Sendable>(
        after error: StoreError,
        _ body: @escaping @Sendable (EmbeddedStore<Engine>) throws(StoreError) -> R
    ) async throws(StoreError) -> R {
        switch error.code {
        case .wouldWait: break
        case .needsRoom: try await thread?.run { () throws(StoreError) in try self.makeRoom(toWrite: false) }
        default: throw error
        }
        return try await WorkerThreads.readers.run { () throws(StoreError) in
            try self.reading { () throws(StoreError) in try body(self) }
        }
    }

    /// Lets the engine make room while nobody reads. Runs on the store's thread, outside a transaction.
    ///
    /// Other reads wait at the gate for as long as one is under way, so each attempt is short.
    nonisolated func makeRoom(toWrite: Bool) throws(StoreError) {
        let engine = engine
        for _ in 0..<500 {
            let done = try gate.withoutReaders(milliseconds: 20) { () throws(StoreError) in
                try engine.makeRoom(toWrite: toWrite)
            }
            if done { return }
        }
        throw StoreError(
            .busy, "A read has been running for 10 seconds; the store could not be enlarged under it.",
            store: description)
    }
}

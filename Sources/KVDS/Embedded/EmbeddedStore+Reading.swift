/// Reads run on the caller. Each passes the gate, so that closing and remapping can wait for it.
extension EmbeddedStore: ReadFastPath {
    public nonisolated func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        do {
            return try tryGet(key)
        } catch {
            return try await getBlocking(key, after: error)
        }
    }

    public nonisolated func exists(_ key: Bytes) async throws(StoreError) -> Bool {
        try await withValue(for: key) { _ in true } ?? false
    }

    public nonisolated func withValue<R>(
        for key: Bytes, _ body: (RawSpan) -> R
    ) async throws(StoreError) -> R? {
        do {
            var result: R?
            _ = try tryRead(key) { result = body($0) }
            return result
        } catch {
            // `body` stays on the caller's thread: the value is fetched, then shown.
            return try await getBlocking(key, after: error).map { body($0.bytes) }
        }
    }

    public nonisolated func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        Entries { ScanSession(store: self, range: range, order: order, limit: limit) }
    }

    @usableFromInline
    nonisolated func tryGet(_ key: Bytes) throws(StoreError) -> Bytes? {
        try limits.check(key: key)
        guard let pass = gate.enter() else { throw closedError }
        defer { gate.leave(pass) }
        return try engine.get(key, mayBlock: false)
    }

    @usableFromInline
    nonisolated func tryRead(_ key: Bytes, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool {
        try limits.check(key: key)
        guard let pass = gate.enter() else { throw closedError }
        defer { gate.leave(pass) }
        return try engine.read(key, mayBlock: false, body)
    }

    @usableFromInline
    nonisolated func getBlocking(_ key: Bytes, after error: StoreError) async throws(StoreError) -> Bytes? {
        try await retryBlocking(after: error) { () throws(StoreError) in
            try self.reading { () throws(StoreError) in try self.engine.get(key, mayBlock: true) }
        }
    }

    /// Calls `body` inside the gate.
    nonisolated func reading<R>(_ body: () throws(StoreError) -> R) throws(StoreError) -> R {
        guard let pass = gate.enter() else { throw closedError }
        defer { gate.leave(pass) }
        return try body()
    }

    /// Repeats a read that could not be done on the caller's thread, after what it asks for, on a thread that may wait.
    ///
    /// - Parameter body: the read; it passes the gate itself.
    /// - Throws: `error` itself when nothing can be done about it.
    nonisolated func retryBlocking<R: Sendable>(
        after error: StoreError, _ body: @escaping @Sendable () throws(StoreError) -> R
    ) async throws(StoreError) -> R {
        var error = error
        while true {
            switch error.code {
            case .wouldBlock: break
            case .mapFull: try await makeRoomToRead(after: error)
            default: throw error
            }
            do throws(StoreError) {
                return try await WorkerThreads.blockingIO(body)
            } catch let again {
                error = again
            }
        }
    }

    private nonisolated func makeRoomToRead(after error: StoreError) async throws(StoreError) {
        // Without a thread of its own a store has no engine that needs room.
        guard let thread else { throw error }
        try await thread.run { () throws(StoreError) in try self.grow(forWriting: false) }
    }

    /// A read that may wait from the start.
    nonisolated func readWaiting<R: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> R
    ) async throws(StoreError) -> R {
        try await retryBlocking(after: StoreError(.wouldBlock, "This read may wait."), body)
    }

    /// Lets the engine make room while nobody reads. Runs on the store's thread, outside a transaction.
    ///
    /// Other reads wait at the gate for as long as one is under way, so each attempt is short, and between two of them the
    /// gate is open for as long.
    nonisolated func grow(forWriting: Bool) throws(StoreError) {
        let engine = engine
        for _ in 0..<1_000 {
            let done = try gate.withoutReaders(milliseconds: 5) { () throws(StoreError) in
                try engine.grow(forWriting: forWriting)
            }
            if done { return }
            gate.waitWhileBusy(milliseconds: 5)
        }
        throw StoreError(
            .busy, "A read has been running for 10 seconds; the store could not be enlarged under it.",
            store: description)
    }
}

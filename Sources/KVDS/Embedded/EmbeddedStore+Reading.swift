/// Reads run on the caller's thread. Each enters the gate, so that closing and remapping can wait for it.
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
            // `body` must run on the caller's thread, so the value is copied first.
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

    /// Repeats a read on a thread that may wait, after the fast path threw `error`. After `.mapFull` the engine grows
    /// first.
    ///
    /// - Parameter body: the read; it enters the gate itself.
    /// - Throws: `error` itself when repeating the read cannot help; otherwise the errors of `body` and of growing.
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
        // An engine that needs no thread never needs to grow.
        guard let thread else { throw error }
        try await thread.run { () throws(StoreError) in try self.grow(forWriting: false) }
    }

    /// Runs a read on a thread that may wait, without trying the fast path first.
    nonisolated func readWaiting<R: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> R
    ) async throws(StoreError) -> R {
        try await retryBlocking(after: StoreError(.wouldBlock, "This read may wait."), body)
    }

    /// Grows the engine while no read is running. Runs on the store's thread, outside a transaction.
    ///
    /// An attempt pauses the gate, so that new reads wait, and gives the running reads 5 milliseconds to end. Then the
    /// gate is open until no read is running, for 5 milliseconds at most, before the next attempt.
    ///
    /// - Throws: `.busy` when reads leave no pause for 10 seconds; `.closed`; and the errors of the engine.
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
            .busy, "A read has run for 10 seconds; the store cannot grow while a read is running.",
            store: description)
    }
}

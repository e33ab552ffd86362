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
        Entries { Scan(store: self, range: range, order: order, limit: limit) }
    }

    @usableFromInline
    nonisolated func tryGet(_ key: Bytes) throws(EngineError) -> Bytes? {
        guard limits.accepts(key) else { throw .failed(limits.wrongKey(key)) }
        guard let pass = gate.enter() else { throw .failed(closedError) }
        defer { gate.leave(pass) }
        return try engine.get(key, mayBlock: false)
    }

    @usableFromInline
    nonisolated func tryRead(_ key: Bytes, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        guard limits.accepts(key) else { throw .failed(limits.wrongKey(key)) }
        guard let pass = gate.enter() else { throw .failed(closedError) }
        defer { gate.leave(pass) }
        return try engine.read(key, mayBlock: false, body)
    }

    @usableFromInline
    nonisolated func getBlocking(_ key: Bytes, after error: EngineError) async throws(StoreError) -> Bytes? {
        try await retryBlocking(after: error) { () throws(EngineError) in
            try self.reading { () throws(EngineError) in try self.engine.get(key, mayBlock: true) }
        }
    }

    /// Calls `body` inside the gate.
    ///
    /// - Throws: `.closed` when the gate is closed; the errors of `body`.
    nonisolated func reading<R>(_ body: () throws(EngineError) -> R) throws(EngineError) -> R {
        try gate.withRead(orThrow: .failed(closedError), body)
    }

    /// Repeats a read on a thread that may wait, after the fast path threw `error`. After `.mapFull` the engine grows
    /// first.
    ///
    /// - Parameter body: the read; it enters the gate itself.
    /// - Throws: the error in `.failed`, of the fast path or of `body`; and the errors of growing.
    nonisolated func retryBlocking<R: Sendable>(
        after error: EngineError, _ body: @escaping @Sendable () throws(EngineError) -> R
    ) async throws(StoreError) -> R {
        var error = error
        while true {
            switch error {
            case .failed(let failure): throw failure
            case .wouldBlock: break
            case .mapFull: try await commitThread.run { () throws(StoreError) in try self.grow(forWriting: false) }
            }
            let threads = try WorkerThreads.blockingIO()
            do throws(EngineError) {
                return try await threads.run(body)
            } catch let again {
                error = again
            }
        }
    }

    /// - Throws: `.storeFull` when the store has no thread, because its engine cannot grow then.
    private nonisolated var commitThread: WorkerThreads {
        get throws(StoreError) {
            guard let thread else {
                throw StoreError(.storeFull, "The engine has no room and cannot grow.", store: description)
            }
            return thread
        }
    }

    /// Grows the engine while no read is running. Runs on the store's thread, outside a transaction.
    ///
    /// An attempt pauses the gate, so that new reads wait, and gives the running reads 5 milliseconds to end. Then the
    /// gate is open until no read is running, for 5 milliseconds at most, before the next attempt.
    ///
    /// - Throws: `.busy` when reads leave no pause in a thousand attempts, which take 5 to 10 seconds; `.closed`; and
    ///   the errors of the engine.
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
            .busy, "The store cannot grow while a read is running, and reads left no pause for it; end long reads.",
            store: description)
    }
}

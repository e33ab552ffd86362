extension EmbeddedStore: BackupProvider where Engine: BackupEngine {
    public nonisolated func copy(
        to path: String, progress: @escaping @Sendable (Int) -> Void
    ) async throws(StoreError) {
        let scan = Scan(store: self, range: .all, order: .forward, limit: nil)
        // Explicit, because the thread that read the last page may hold the scan a little longer.
        defer { scan.end() }
        let revision = try await scan.begin()
        let copy = try await EngineCopy<Engine>(at: path)
        var count = 0
        do throws(StoreError) {
            while let page = try await scan.nextPage() {
                if Task.isCancelled { throw StoreError(.cancelled, "The task that made the backup was cancelled.") }
                try await copy.append(page)
                count += page.count
                progress(count)
            }
            try await copy.write(.durable) { _ in revision }
        } catch {
            await copy.abandon()
            throw error
        }
        try await copy.close()
    }
}

/// The new store that a backup is written to. Its engine runs on a thread of its own.
private struct EngineCopy<Engine: BackupEngine> {
    private let thread: WorkerThreads
    private let engine: Engine

    init(at path: String) async throws(StoreError) {
        let thread = try WorkerThreads()
        self.thread = thread
        engine = try await thread.run { () throws(StoreError) in
            try StoreDirectory.requireEmpty(path)
            return try Engine.create(at: path)
        }
        do throws(StoreError) {
            // Durable, so that a partial copy is recognized even after a power failure.
            try await write(.durable) { _ in Self.unfinished }
        } catch {
            await abandon()
            throw error
        }
    }

    private static var unfinished: Revision { Revision(rawValue: StoreFormat.unfinished) }

    func append(_ page: EntryPage) async throws(StoreError) {
        try await write(.buffered) { transaction throws(EngineError) in
            for entry in page { try transaction.set(entry.key, to: entry.value) }
            return Self.unfinished
        }
    }

    func close() async throws(StoreError) {
        try await thread.run { [engine] () throws(StoreError) in try engine.close() }
    }

    func abandon() async { try? await close() }

    /// - Parameter body: makes the writes and returns the revision to commit.
    func write(
        _ durability: Durability, _ body: @escaping @Sendable (Engine.Transaction) throws(EngineError) -> Revision
    ) async throws(StoreError) {
        try await thread.run { [self] () throws(StoreError) in
            while true {
                do throws(EngineError) {
                    return try attempt(durability, body)
                } catch {
                    switch error {
                    case .failed(let failure): throw failure
                    case .mapFull: try engine.grow(forWriting: true)
                    case .wouldBlock:
                        throw StoreError(.busy, "The engine of the copy accepts no writes now; try again.")
                    }
                }
            }
        }
    }

    private func attempt(
        _ durability: Durability, _ body: (Engine.Transaction) throws(EngineError) -> Revision
    ) throws(EngineError) {
        let transaction = try engine.beginTransaction(readsOwnWrites: false, mayBlock: true)
        do throws(EngineError) {
            _ = try transaction.commit(try body(transaction), durability)
        } catch {
            transaction.abort()
            throw error
        }
    }
}

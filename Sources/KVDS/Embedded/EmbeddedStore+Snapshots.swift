extension EmbeddedStore: SnapshotProvider, SnapshotFastPath {
    public nonisolated func makeSnapshot() async throws(StoreError) -> any StoreSnapshot {
        do {
            return try trySnapshot(retaining: nil)
        } catch {
            return try await snapshotBlocking(retaining: nil, after: error)
        }
    }

    nonisolated func trySnapshot(
        retaining owner: (any AnyObject & Sendable)?
    ) throws(EngineError) -> any StoreSnapshot {
        try takeSnapshot(retaining: owner, mayBlock: false)
    }

    nonisolated func snapshotBlocking(
        retaining owner: (any AnyObject & Sendable)?, after error: EngineError
    ) async throws(StoreError) -> any StoreSnapshot {
        try await retryBlocking(after: error) { () throws(EngineError) in
            try self.takeSnapshot(retaining: owner, mayBlock: true)
        }
    }

    private nonisolated func takeSnapshot(
        retaining owner: (any AnyObject & Sendable)?, mayBlock: Bool
    ) throws(EngineError) -> EmbeddedSnapshot {
        try reading { () throws(EngineError) in
            let base = try engine.makeSnapshot()
            return EmbeddedSnapshot(base, at: try base.revision(mayBlock: mayBlock), of: self, retaining: owner)
        }
    }
}

extension EmbeddedStore: SnapshotHost {
    nonisolated func makeScan(
        of snapshot: EmbeddedSnapshot, in range: KeyRange, order: ScanOrder, limit: Int?
    ) -> any EntryPageSource {
        Scan(store: self, snapshot: snapshot, range: range, order: order, limit: limit)
    }
}

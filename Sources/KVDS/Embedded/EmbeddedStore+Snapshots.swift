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
    ) throws(StoreError) -> any StoreSnapshot {
        try takeSnapshot(retaining: owner, mayBlock: false)
    }

    nonisolated func snapshotBlocking(
        retaining owner: (any AnyObject & Sendable)?, after error: StoreError
    ) async throws(StoreError) -> any StoreSnapshot {
        try await retryBlocking(after: error) { () throws(StoreError) in
            try self.takeSnapshot(retaining: owner, mayBlock: true)
        }
    }

    private nonisolated func takeSnapshot(
        retaining owner: (any AnyObject & Sendable)?, mayBlock: Bool
    ) throws(StoreError) -> EmbeddedSnapshot {
        guard let pass = gate.enter() else { throw closedError }
        defer { gate.leave(pass) }
        let view = try engine.makeSnapshot()
        return EmbeddedSnapshot(view, at: try view.revision(mayBlock: mayBlock), of: self, retaining: owner)
    }
}

extension EmbeddedStore: SnapshotHost {
    nonisolated func makeScan(
        of snapshot: EmbeddedSnapshot, in range: KeyRange, order: ScanOrder, limit: Int?
    ) -> any EntryPageSource {
        ScanSession(store: self, snapshot: snapshot, range: range, order: order, limit: limit)
    }
}

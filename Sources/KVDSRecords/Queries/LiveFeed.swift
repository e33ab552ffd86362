import KVDS

/// The first records of a live query, and then the commits that change its result.
struct LiveFeed<Record: Codable & Sendable> {
    private let query: Query<Record>
    private let store: any KeyValueStore
    private var session: QuerySession
    /// The first records, until all were returned.
    private var run: QueryRun?
    private var changes: Changes.Iterator
    /// The revision that the first records show.
    private var start: Revision

    init(_ query: Query<Record>) async throws {
        guard query.terms.isEmpty, query.maximum == nil else {
            throw StoreError(.invalidArgument, "A live query has no order and no limit.")
        }
        guard let store = query.source as? any KeyValueStore, store.changeFeed != nil, store.snapshots != nil else {
            throw StoreError(.notSupported, "A live query needs a store with a change feed and snapshots.")
        }
        (self.query, self.store) = (query, store)
        (changes, session, start) = try await Self.begin(query, store)
        run = try await QueryRun(session)
    }

    /// Subscribes, and then takes the snapshot: so no commit is missed, and those that it shows can be left out.
    private static func begin(
        _ query: Query<Record>, _ store: any KeyValueStore
    ) async throws(StoreError) -> (Changes.Iterator, QuerySession, Revision) {
        while true {
            // A table that is not in the catalog has no number, and no records to wait for.
            let catalogKey = Keyspace.table(query.table.table.name)
            let catalog = KeyRange(from: catalogKey, to: catalogKey.followed(by: 0))
            var registrations = store.changes(in: catalog).makeAsyncIterator()
            let state = try await query.table.checkedState(in: store)
            if state.isNew {
                guard try await registrations.next() != nil else { throw StoreError(.cancelled, "Cancelled.") }
                continue
            }
            let range = query.table.range(state)
            let options = ChangeOptions(previousValues: true)
            // While it is there, the store records what changes and what was there before.
            let early = store.changes(in: range, options: options).makeAsyncIterator()
            let session = try await query.session()
            guard let snapshot = session.reader as? any StoreSnapshot else {
                throw StoreError(.notSupported, "A live query needs a store with snapshots.")
            }
            // After the snapshot's revision, so that a commit of another process is not missed.
            let changes = store.changes(in: range, since: snapshot.revision, options: options).makeAsyncIterator()
            withExtendedLifetime(early) {}
            return (changes, session, snapshot.revision)
        }
    }

    /// Some changes, perhaps none; nil at the end.
    mutating func next() async throws -> [RecordChange<Record>]? {
        if run != nil {
            if let record = try await run?.next() { return [.inserted(try query.table.decode(record))] }
            run = nil
            // The snapshot is not needed any more, and would keep deleted data alive.
            (session.reader as? any StoreSnapshot)?.close()
        }
        guard let event = try await changes.next() else { return nil }
        switch event {
        case .commit(let revision, let changes):
            return revision <= start ? [] : try await self.changes(of: changes)
        case .gap(_, let revision):
            if revision <= start { return [] }
            (changes, session, start) = try await Self.begin(query, store)
            run = try await QueryRun(session)
            return [.reset]
        }
    }

    /// What a commit changes in the result.
    private func changes(of commit: [Change]) async throws -> [RecordChange<Record>] {
        var result: [RecordChange<Record>] = []
        for change in commit where change.previous != change.value {
            switch (try await matching(change.previous, change.key), try await matching(change.value, change.key)) {
            case (nil, nil): continue
            case (nil, let new?): result.append(.inserted(new))
            case (let old?, nil): result.append(.removed(old))
            case (let old?, let new?): result.append(.updated(from: old, to: new))
            }
        }
        return result
    }

    private func matching(_ value: Bytes?, _ key: Bytes) async throws -> Record? {
        guard let value else { return nil }
        let record = try await query.table.readableRecord(value, session.state, store, at: key)
        guard try record.matches(session.query.filter), try session.test?(record) ?? true else { return nil }
        return try query.table.decode(record)
    }
}

import KVDSTesting
import TestSupport
import KVDS
import KVDSLMDB
import Testing

@Suite("The change feed of an LMDB store that two processes share", .timeLimit(.minutes(5)))
struct LMDBFeedTests {
    @Test("commits of another process are exact gaps, even while this process commits nothing")
    func gaps() async throws {
        try await withStoreAndWorker { store, worker in
            var events = store.changes(since: .zero).makeAsyncIterator()
            try await store.set("own", to: "1")
            #expect(try await events.next()?.revision.rawValue == 1)
            #expect(try await worker.ask("set k 1") == "revision 2")
            #expect(
                try await events.next() == .gap(from: Revision(rawValue: 1), to: Revision(rawValue: 2)),
                "a commit of the other process alone")
            #expect(try await worker.ask("increment n 5") == "done")
            try await store.set("own", to: "2")
            // The commits arrive as one gap or several, ending where the next own commit begins.
            var last: UInt64 = 2
            while case .gap(let start, let end)? = try await events.next() {
                #expect(start.rawValue == last && end > start)
                last = end.rawValue
                if last == 7 { break }
            }
            #expect(last == 7)
            #expect(
                try await events.next() == .commit(Revision(rawValue: 8), [Change(key: "own", value: "2")]))
        }
    }

    @Test("a new subscriber receives no gap for earlier commits of another process")
    func newcomers() async throws {
        try await withStoreAndWorker { store, worker in
            // This subscriber keeps the change log in use but takes no events.
            let keeper = store.changes().makeAsyncIterator()
            try await store.set("own", to: "0")
            for round in 1...20 {
                _ = try await worker.ask("set k \(round)")
                var events = store.changes().makeAsyncIterator()
                let value = Bytes("\(round)")
                let revision = try #require(await store.set("own", to: value).revision)
                #expect(try await events.next() == .commit(revision, [Change(key: "own", value: value)]))
            }
            withExtendedLifetime(keeper) {}
        }
    }

    @Test("a process never reports its own commits as commits of another process")
    func noFalseGaps() async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBEngineStore.open(path)
            var events = store.changes(since: .zero).makeAsyncIterator()
            let count = takesLong ? 20_000 : 3_000
            let writer = Task {
                for step in 0..<count { try await store.set("k", to: Bytes("\(step)")) }
            }
            for revision in 1...count {
                guard case .commit(let reported, _)? = try await events.next() else {
                    Issue.record("a gap at \(revision)")
                    break
                }
                #expect(reported.rawValue == UInt64(revision))
            }
            try await writer.value
            try await store.close()
        }
    }

    @Test("observe delivers the writes of another process")
    func observe() async throws {
        try await withStoreAndWorker { store, worker in
            var states = store.observe(prefix: "user:").makeAsyncIterator()
            #expect(try await states.next() == [])
            _ = try await worker.ask("set user:1 ada")
            #expect(try await states.next() == [Entry(key: "user:1", value: "ada")])
        }
    }

    /// Calls `body` with a new store and a worker that has it open too, and closes both afterwards.
    private func withStoreAndWorker(_ body: (LMDBStore, WorkerProcess) async throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBEngineStore.open(path)
            let worker = try WorkerProcess(.lmdb, path)
            #expect(await worker.nextLine() == "open")
            try await body(store, worker)
            try await worker.quit()
            try await store.close()
        }
    }
}

private enum LMDBEngineStore {
    static func open(_ path: String) async throws -> LMDBStore {
        let configuration = StoreConfiguration(durability: .buffered)
        return try #require(try await Backend.lmdb.open(at: path, configuration: configuration) as? LMDBStore)
    }
}

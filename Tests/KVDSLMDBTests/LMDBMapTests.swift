import KVDS
import KVDSSystem
import Testing
import TestSupport

@testable import KVDSLMDB

@Suite("The map of an LMDB engine", .timeLimit(.minutes(5)))
struct LMDBMapTests {
    /// Whether there is address space for 64 TiB but not for 128 TiB.
    private static let isLimited = canMap(1 << 46) && !canMap(1 << 47)

    private static func canMap(_ size: Int) -> Bool {
        let map = unsafe mmap(nil, size, PROT_NONE, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0)
        guard unsafe map != MAP_FAILED else { return false }
        unsafe munmap(map, size)
        return true
    }

    @Test("a map without address space to grow throws .storeFull, and the store stays usable", .enabled(if: isLimited))
    func addressSpace() async throws {
        try await withEngine(LMDBConfiguration(initialMapSize: 1 << 46, maximumMapSize: 1 << 47)) { engine in
            let error = #expect(throws: StoreError.self) { try engine.grow(forWriting: true) }
            #expect(error?.code == .storeFull)
            #expect(try engine.get("a", mayBlock: true) == "1")
            try commit("2", to: engine)
            #expect(try engine.get("a", mayBlock: true) == "2")
        }
    }

    @Test("after the system took the map every call throws .ioFailure with advice to reopen")
    func lost() async throws {
        try await withEngine(LMDBConfiguration()) { engine in
            let snapshot = try engine.makeSnapshot()
            let cursor = try snapshot.makeCursor(in: .all, order: .forward)
            // No system has that much memory, and LMDB has already unmapped the previous map.
            #expect(throws: StoreError.self) { try engine.environment.setMapSize(1 << 60) }
            let errors = [
                #expect(throws: EngineError.self) { try engine.get("a", mayBlock: true) },
                #expect(throws: EngineError.self) { try snapshot.get("a", mayBlock: true) },
                #expect(throws: EngineError.self) { try engine.makeSnapshot() },
                #expect(throws: EngineError.self) { try engine.inspect() },
                #expect(throws: EngineError.self) {
                    try engine.beginTransaction(readsOwnWrites: false, mayBlock: true)
                },
                #expect(throws: EngineError.self) {
                    var page = EntryPage.Builder(capacity: 4_096)
                    _ = try cursor.fill(&page, mayBlock: true)
                },
            ]
            for error in errors {
                guard case .failed(let failure) = error else { throw try #require(error) }
                #expect(failure.code == .ioFailure && failure.advice == .reopen, "\(failure)")
            }
        }
    }

    @Test("a store whose initial map is too small for its own data is not made, and the error names initialMapSize")
    func tooSmall() async throws {
        try await withTemporaryDirectory { path in
            // Four pages: two for LMDB, and one for each of two databases.
            let error = #expect(throws: StoreError.self) {
                try LMDBEngine(path: path, configuration: LMDBConfiguration(initialMapSize: 16 << 10))
            }
            #expect(error?.code == .storeFull && error?.message.contains("initialMapSize") == true)
            let engine = try LMDBEngine(path: path, configuration: LMDBConfiguration(initialMapSize: 1 << 20))
            #expect(try engine.get("a", mayBlock: true) == nil)
            try engine.close()
        }
    }

    @Test("a map that another process enlarged is adopted at once and uses no reader slot")
    func adopted() async throws {
        try await withTemporaryDirectory { path in
            let configuration = LMDBConfiguration(initialMapSize: 1 << 20, maximumReaders: 2)
            let engine = try LMDBEngine(path: path, configuration: configuration)
            #expect(try engine.get("a3", mayBlock: true) == nil)
            let worker = try WorkerProcess(.lmdb, path, ["buffered"])
            #expect(await worker.nextLine() == "open")
            #expect(try await worker.ask("fill a 4") == "done")
            let error = #expect(throws: EngineError.self) { try engine.get("a3", mayBlock: true) }
            guard case .mapFull = error else { throw try #require(error) }
            try engine.grow(forWriting: false)
            #expect(try engine.get("a3", mayBlock: true)?.count == 1 << 20)
            do {
                // Two concurrent readers, as many as there are slots.
                let snapshot = try engine.makeSnapshot()
                #expect(try engine.get("a3", mayBlock: true)?.count == 1 << 20)
                #expect(try snapshot.get("a3", mayBlock: true)?.count == 1 << 20)
            }
            try await worker.quit()
            try engine.close()
        }
    }

    /// Calls `body` with an engine in which `a` is 1. All objects that `body` creates are released before the engine is
    /// closed.
    private func withEngine(_ configuration: LMDBConfiguration, _ body: (LMDBEngine) throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            let engine = try LMDBEngine(path: path, configuration: configuration)
            try commit("1", to: engine)
            try body(engine)
            try engine.close()
        }
    }

    private func commit(_ value: Bytes, to engine: LMDBEngine) throws {
        let transaction = try engine.beginTransaction(readsOwnWrites: false, mayBlock: true)
        try transaction.set("a", to: value)
        _ = try transaction.commit(transaction.revision.next, .buffered)
    }
}

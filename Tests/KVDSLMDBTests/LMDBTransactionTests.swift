import TestSupport
import KVDS
import KVDSLMDB
import Testing

@Suite("LMDB's write transaction", .timeLimit(.minutes(5)))
struct LMDBTransactionTests {
    @Test("an LMDB transaction that is aborted or dropped changes nothing and ends")
    func givenUp() async throws {
        try await withTemporaryDirectory { path in
            let engine = try LMDBEngine(path: path, configuration: LMDBConfiguration())
            for isAborted in [true, false] {
                do {
                    let transaction = try engine.beginTransaction(readsOwnWrites: false, mayBlock: true)
                    try transaction.set("a", to: "1")
                    if isAborted { transaction.abort() }
                }
                // LMDB does not replace the map during a transaction.
                try engine.grow(forWriting: false)
                #expect(try engine.get("a", mayBlock: true) == nil)
            }
            try engine.close()
        }
    }

    @Test("neither a commit nor a failed batch keeps another process from writing")
    func turns() async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBConfiguration().open(path)
            let worker = try WorkerProcess(.lmdb, path, ["buffered"])
            #expect(await worker.nextLine() == "open")
            try await store.set("a", to: "1")
            #expect(try await worker.ask("set b 1", within: .seconds(60)) == "revision 2", "after a commit")
            #expect(try await store.setIfAbsent("a", to: "2") == false)
            #expect(try await worker.ask("set b 2", within: .seconds(60)) == "revision 3", "after a failed condition")
            try await worker.quit()
            try await store.close()
        }
    }
}

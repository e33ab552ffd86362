import KVDSTesting
import TestSupport
import KVDS
import KVDSLMDB
import Testing

@Suite("Growth of the LMDB map", .timeLimit(.minutes(5)))
struct LMDBGrowthTests {
    @Test("the map grows from 1 MiB to 1 GiB under reads, writes and scans without a failed call")
    func growsUnderLoad() async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBConfiguration(initialMapSize: 1 << 20, maximumMapSize: 2 << 30).open(path)
            for index in 0..<1_000 { try await store.set(key("old", index), to: Bytes("old \(index)")) }
            // The scans are suspended in the middle of a page of entries while the map moves.
            var forward = store.entries(prefix: "old").makeAsyncIterator()
            var reverse = store.entries(prefix: "old", order: .reverse, limit: nil).makeAsyncIterator()
            for index in 0..<10 {
                #expect(try await forward.next()?.key == key("old", index))
                #expect(try await reverse.next()?.key == key("old", 999 - index))
            }

            let done = Flag()
            let value = Bytes(repeating: 42, count: 8 << 20)
            try await withThrowingTaskGroup(of: Int.self) { tasks in
                for writer in 0..<4 {
                    tasks.addTask {
                        for step in 0..<33 {
                            try await store.set(key("new\(writer)-", step), to: value)
                            try await store.delete(key("old", writer * 33 + step))
                        }
                        return 0
                    }
                }
                for reader in 0..<4 {
                    tasks.addTask {
                        var reads = 0
                        while !done.isRaised {
                            let index = 500 + (reads * 7 + reader) % 500
                            let found = try await store.get(key("old", index))
                            #expect(found == Bytes("old \(index)"))
                            let count = reads % 50 == 0 ? try await store.count(.prefix("old")) : 1_000
                            #expect(count >= 868)
                            reads += 1
                            await Task.yield()
                        }
                        return reads
                    }
                }
                for _ in 0..<4 { _ = try await tasks.next() }
                done.raise()
                try await tasks.waitForAll()
            }

            let files = try await store.statistics().engine.files
            #expect(files.contains { $0.name == "data.mdb" && $0.byteCount > 1 << 30 })
            // The suspended scans continue with the entries that existed when they began.
            for index in 10..<1_000 {
                #expect(try await forward.next() == Entry(key: key("old", index), value: Bytes("old \(index)")))
                #expect(try await reverse.next()?.key == key("old", 999 - index))
            }
            #expect(try await forward.next() == nil)
            #expect(try await reverse.next() == nil)
            for writer in 0..<4 {
                for step in 0..<33 {
                    let isWhole = try await store.withValue(for: key("new\(writer)-", step)) { (bytes: RawSpan) in
                        unsafe bytes.byteCount == 8 << 20
                            && bytes.unsafeLoad(fromByteOffset: 8 << 19, as: UInt8.self) == 42
                    }
                    #expect(isWhole == true)
                }
            }
            try await store.close()
        }
    }

    @Test("a batch larger than the map, and larger than twice the map, is committed whole")
    func oneLargeBatch() async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBConfiguration(initialMapSize: 1 << 20).open(path)
            try await store.write { batch in
                for index in 0..<40 { batch.set(key("", index), to: Bytes(repeating: 1, count: 1 << 20)) }
            }
            #expect(try await store.count() == 40)
            try await store.close()
        }
    }

    @Test("at the maximum map size writes throw .storeFull, and deletions make room for new writes")
    func storeFull() async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBConfiguration(initialMapSize: 1 << 20, maximumMapSize: 8 << 20).open(path)
            let value = Bytes(repeating: 1, count: 256 << 10)
            var count = 0
            let full = try await storeError {
                while true {
                    try await store.set(key("", count), to: value)
                    count += 1
                }
            }
            #expect(full?.code == .storeFull)
            #expect(full?.message.contains("maximumMapSize") == true)
            #expect(count > 20)
            #expect(try await store.get(key("", count)) == nil)
            #expect(try await store.count() == count)
            // Two steps, because the pages of the first deletion are reused only after it was committed.
            for index in 0..<10 { try await store.delete(key("", index)) }
            for index in 100..<105 { try await store.set(key("", index), to: value) }
            #expect(try await store.count() == count - 5)
            try await store.close()
            let again = try await LMDBConfiguration(initialMapSize: 1 << 20, maximumMapSize: 16 << 20).open(path)
            try await again.set(key("", 200), to: Bytes(repeating: 1, count: 4 << 20))
            try await again.close()
        }
    }

    @Test("readers, scans and writers adopt a map that another process has enlarged")
    func enlargedElsewhere() async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBConfiguration(initialMapSize: 1 << 20).open(path)
            try await store.set("mine", to: "1")
            var parked = store.entries().makeAsyncIterator()
            let worker = try WorkerProcess(.lmdb, path, ["buffered"])
            #expect(await worker.nextLine() == "open")

            #expect(try await worker.ask("fill a 20") == "done")
            #expect(try await store.get("a19")?.count == 1 << 20)
            #expect(try await parked.next()?.key == "a0")
            #expect(try await worker.ask("fill b 40") == "done")
            #expect(try await store.count() == 61)
            #expect(try await worker.ask("fill c 80") == "done")
            try await store.set("mine", to: "2")
            #expect(try await worker.ask("get mine") == "value 2")
            var count = 1
            while try await parked.next() != nil { count += 1 }
            #expect(count == 21)
            try await worker.quit()
            try await store.close()
        }
    }
}

private func key(_ prefix: String, _ index: Int) -> Bytes { Bytes("\(prefix)\(index + 10_000)") }

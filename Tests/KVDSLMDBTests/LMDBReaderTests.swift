import KVDSTesting
import TestSupport
import KVDS
import KVDSLMDB
import Testing

@Suite("LMDB's reader slots", .timeLimit(.minutes(5)))
struct LMDBReaderTests {
    @Test("with 126 reader slots, excess scans throw .tooManySnapshots, and point reads still work")
    func tooManyScans() async throws {
        try await LMDBConfiguration(maximumReaders: 126).withFilledStore { store, _ in
            var open: [Entries.Iterator] = []
            var refused = 0
            for _ in 0..<500 {
                var scan = store.entries().makeAsyncIterator()
                if let error = try await storeError({ _ = try await scan.next() }) {
                    #expect(error.code == .tooManySnapshots)
                    #expect(error.advice == .retry)
                    #expect(error.message.contains("maximumReaders"))
                    refused += 1
                } else {
                    open.append(scan)
                }
            }
            #expect(refused == 500 - 110)
            #expect(try await store.statistics().openSnapshots == 110)
            // Point reads keep their slots, even many concurrent ones.
            try await withThrowingTaskGroup(of: Bytes?.self) { tasks in
                for _ in 0..<100 { tasks.addTask { try await store.get("key 5") } }
                for try await value in tasks { #expect(value == "5") }
            }
            try await store.set("key 5", to: "five")

            for index in open.indices {
                var count = 1
                while let entry = try await open[index].next() {
                    count += 1
                    #expect(entry.value != "five")
                }
                #expect(count == 1_000)
            }
            open = []
            #expect(try await store.statistics().openSnapshots == 0)
            // All slots can be used again.
            for _ in 0..<500 { #expect(try await store.list(.all, limit: 2).count == 2) }
        }
    }

    @Test("a scan that breaks, is dropped or is cancelled frees its reader slot at once")
    func slotsComeBack() async throws {
        try await LMDBConfiguration(maximumReaders: 20).withFilledStore { store, _ in
            // Four scans fit beside the slots of point reads. A hundred rounds reuse each slot.
            for _ in 0..<100 {
                for try await _ in store.entries() { break }
                for try await _ in store.entries().pages { break }
                do {
                    var dropped = store.entries().makeAsyncIterator()
                    _ = try await dropped.next()
                }
                #expect(try await store.statistics().openSnapshots == 0)
            }
            for _ in 0..<20 {
                let (started, start) = AsyncStream.makeStream(of: Void.self)
                let scan = Task {
                    for try await _ in store.entries() {
                        start.yield()
                        while !Task.isCancelled { await Task.yield() }
                    }
                }
                for await _ in started { break }
                scan.cancel()
                #expect(try await storeError { try await scan.value }?.code == .cancelled)
                #expect(try await store.statistics().openSnapshots == 0)
            }
            var all: [Entries.Iterator] = []
            for _ in 0..<4 {
                var scan = store.entries().makeAsyncIterator()
                #expect(try await scan.next() != nil)
                all.append(scan)
            }
        }
    }

    @Test(
        "the reader slots that mdb_stat counts do not grow with the number of scans",
        .enabled(if: Tool.isInstalled("mdb_stat")))
    func slotsAsLMDBCounts() async throws {
        try await LMDBConfiguration(maximumReaders: 126).withFilledStore { store, path in
            for _ in 0..<300 { for try await _ in store.entries() { break } }
            // In a separate process, because this one must not open the files twice. After -r it ends with status 1.
            let report = try Tool.run("mdb_stat", ["-e", "-r", path], anyStatus: true)
            let line = report.split(separator: "\n").first { $0.contains("Number of readers used") }
            let used = try #require(line?.split(separator: " ").last.flatMap { Int($0) }, "\(report)")
            #expect(used <= 70, "\(report)")
        }
    }

    @Test("the reader slots of a killed process are reused")
    func killedReader() async throws {
        try await LMDBConfiguration(maximumReaders: 20).withFilledStore { store, path in
            for _ in 0..<6 {
                let worker = try WorkerProcess(.lmdb, path)
                #expect(await worker.nextLine() == "open")
                #expect(try await worker.ask("count") == "1000")
                worker.crash()
                #expect(await worker.nextLine() == nil)
                #expect(try await store.count() == 1_000)
            }
            try await store.set("after", to: "1")
        }
    }

    /// The file of a store that stayed open grew without limit once another process had been killed during a scan: the
    /// pages that the scan could see were kept, and no process checked for stale readers.
    @Test("the pages visible to a killed process are reused")
    func killedView() async throws {
        try await LMDBConfiguration(initialMapSize: 1 << 20).withFilledStore { store, path in
            let worker = try WorkerProcess(.lmdb, path)
            #expect(await worker.nextLine() == "open")
            #expect(try await worker.ask("hold") == "done")
            worker.crash()
            #expect(await worker.nextLine() == nil)
            for step in 0..<600 {
                try await store.write(durability: .buffered) { batch in
                    for key in 0..<5 {
                        batch.set(Bytes("large \(key)"), to: Bytes(repeating: UInt8(step & 255), count: 4_000))
                    }
                }
            }
            let size = try await store.statistics().engine.byteCount
            #expect(size < 4 << 20, "\(size)")
        }
    }
}

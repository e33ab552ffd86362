import TestSupport
import Foundation
import KVDS
import Testing

@Suite("Creating an LMDB file", .enabled(if: Tool.canTrace), .timeLimit(.minutes(5)))
struct LMDBFileCreatorTests {
    @Test("processes that create one store at once create one file, and all of them open it")
    func makers() async throws {
        // Each process is delayed before it names its file, so that all have made a file by then.
        let strace = [
            "strace", "-f", "-o", "/dev/null", "-e", "trace=?link,linkat", "-e",
            "inject=?link,linkat:delay_enter=2000000",
        ]
        try await withTemporaryDirectory { path in
            let place = "\(path)/store"
            let workers = try (0..<3).map { _ in try WorkerProcess(.lmdb, place, ["buffered"], under: strace) }
            for worker in workers { #expect(await worker.nextLine(within: .seconds(60)) == "open") }
            for (index, worker) in workers.enumerated() {
                let answer = try await worker.ask("set key\(index) 1", within: .seconds(60))
                #expect(answer == "revision \(index + 1)")
            }
            for worker in workers { try await worker.quit() }
            #expect(names(at: place) == ["data.mdb", "lock.mdb"])
        }
    }

    @Test("a new LMDB file is synced before it is named, and its name before the store is open")
    func order() async throws {
        try await withTemporaryDirectory { path in
            let trace = "trace=openat,fdatasync,fsync,?link,linkat,write"
            let strace = ["strace", "-f", "-y", "-o", "\(path)/trace", "-e", trace]
            let worker = try WorkerProcess(.lmdb, "\(path)/store", under: strace)
            #expect(await worker.nextLine(within: .seconds(60)) == "open")
            try await worker.quit()
            let text = try String(decoding: Data(contentsOf: URL(fileURLWithPath: "\(path)/trace")), as: UTF8.self)
            let calls = text.split(separator: "\n")
            let written = calls.firstIndex { $0.contains("fdatasync(") && $0.contains("/data.mdb.new-") }
            let named = try #require(calls.firstIndex { $0.contains("link") && $0.contains("/data.mdb.new-") })
            let synced = calls[named...].firstIndex { $0.contains("fsync(") && $0.contains("\(path)/store>") }
            let opened = try #require(calls.firstIndex { $0.contains("\"open") })
            #expect(written.map { $0 < named } == true, "\(text)")
            #expect(synced.map { $0 < opened } == true, "\(text)")
        }
    }
}

import KVDSTesting
import TestSupport
import Foundation
import KVDS
import Testing

@Suite("Opening foreign or damaged files", .timeLimit(.minutes(5)))
struct ForeignFileTests {
    @Test("opening a directory that holds other files throws .foreignFormat and changes nothing", arguments: disks)
    func otherFiles(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            try write("hello".utf8, to: "\(path)/readme.txt")
            try await expectRefusal(backend, path, .foreignFormat, "choose another")
        }
    }

    @Test("opening a store of another backend throws .foreignFormat and changes nothing", arguments: disks)
    func otherBackend(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            let other: DiskBackend = backend == .lmdb ? .rocksdb : .lmdb
            let store = try await other.open(path)
            try await store.set("a", to: "1")
            try await store.close()
            try await expectRefusal(backend, path, .foreignFormat, "choose another")
        }
    }

    @Test("opening a path that is or leads through a file throws .notADirectory and keeps the file", arguments: disks)
    func file(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            try write("hello".utf8, to: "\(path)/store")
            for place in ["\(path)/store", "\(path)/store/below"] {
                let error = try await storeError { _ = try await backend.open(place) }
                #expect(error?.code == .notADirectory)
                #expect(error?.message.contains("directory is needed") == true)
            }
            #expect(try contents(of: path) == ["store": Data("hello".utf8)])
        }
    }

    /// In /proc even root cannot create a directory, and the system reports that the parent does not exist, although it
    /// does. Creating it was retried endlessly, until the stack overflowed.
    @Test(
        "opening a path where no directory can be made throws an error with a message",
        .enabled(if: FileManager.default.fileExists(atPath: "/proc/self")),
        arguments: disks)
    func impossible(_ backend: DiskBackend) async throws {
        for place in ["/proc/kvds", "/proc/kvds/store", "relative/\0/nul", ""] {
            let error = try await storeError { try await backend.open(place).close() }
            #expect(error != nil, "\(place)")
            #expect(error?.message.isEmpty == false)
        }
    }

    @Test(
        "opening damaged files throws an error and leaves them unchanged",
        arguments: [
            (DiskBackend.lmdb, "data.mdb", "garbage"), (.lmdb, "data.mdb", "short"),
            (.rocksdb, "CURRENT", "garbage"), (.rocksdb, "CURRENT", "short"),
            (.rocksdb, "MANIFEST", "garbage"), (.rocksdb, "MANIFEST", "short"),
        ])
    func damaged(_ backend: DiskBackend, _ file: String, _ damage: String) async throws {
        try await withTemporaryDirectory { path in
            let store = try await backend.open(path)
            for index in 0..<50 { try await store.set(Bytes("\(index)"), to: Bytes(repeating: 1, count: 1_000)) }
            try await store.close()
            let name = try #require(names(at: path).first { $0.hasPrefix(file) })
            let sound = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
            let bytes =
                damage == "short"
                ? sound.prefix(sound.count == 16 ? 7 : 100) : Data(repeating: 0x5A, count: sound.count)
            try write(bytes, to: "\(path)/\(name)")
            let error = try await storeError { try await backend.open(path).close() }
            #expect(error?.code == .corrupt || error?.code == .foreignFormat, "\(error.map { "\($0)" } ?? "no error")")
            #expect(
                error?.message.contains("restore a backup") == true || error?.message.contains("choose another") == true
            )
            #expect(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")) == bytes)
            // With the original file restored, all entries are present.
            try write(sound, to: "\(path)/\(name)")
            let again = try await backend.open(path)
            #expect(try await again.count() == 50)
            try await again.close()
        }
    }

    @Test("opening an LMDB file cut off anywhere neither crashes nor loses the remaining bytes")
    func cutOff() async throws {
        try await withTemporaryDirectory { path in
            let store = try await DiskBackend.lmdb.open("\(path)/store")
            for index in 0..<50 { try await store.set(Bytes("\(index)"), to: Bytes(repeating: 1, count: 1_000)) }
            try await store.close()
            let file = "\(path)/store/data.mdb"
            let sound = try Data(contentsOf: URL(fileURLWithPath: file))
            for pages in stride(from: 2, to: sound.count / 4096, by: 3) {
                try write(sound.prefix(pages * 4096), to: file)
                // In another process, because the point is that the process survives.
                let worker = try WorkerProcess(.lmdb, "\(path)/store")
                let answer = await worker.nextLine()
                let code = answer == "open" ? try await worker.ask("count") : answer ?? "the worker crashed"
                #expect(
                    code == "50" || code.hasPrefix("corrupt") || code.hasPrefix("foreignFormat"),
                    "\(pages) pages: \(code)")
                worker.crash()
                while await worker.nextLine() != nil {}
                #expect(try Data(contentsOf: URL(fileURLWithPath: file)).starts(with: sound.prefix(pages * 4096)))
            }
        }
    }

    private func expectRefusal(
        _ backend: DiskBackend, _ path: String, _ code: StoreError.Code, _ hint: String
    ) async throws {
        let before = try contents(of: path)
        let error = try await storeError { _ = try await backend.open(path) }
        #expect(error?.code == code)
        #expect(error?.message.contains(hint) == true)
        #expect(try contents(of: path) == before)
    }
}

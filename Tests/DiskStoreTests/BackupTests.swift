import KVDSTesting
import TestSupport
import KVDS
import Testing

@Suite("Backups and reopening", .timeLimit(.minutes(5)))
struct BackupTests {
    @Test("a backup taken during writes holds one snapshot of the store", arguments: disks)
    func whileWriting(_ backend: DiskBackend) async throws {
        try await withLargeStore(backend) { store, path in
            let done = Flag()
            let writer = Task {
                var number = 0
                while !done.isRaised {
                    number += 1
                    // The two keys are far apart, so an inconsistent copy would show different values.
                    try await store.write { batch in
                        batch.set("a", to: Bytes("\(number)"))
                        batch.set("z", to: Bytes("\(number)"))
                        batch.set(Bytes("filler \(number % 20_000)"), to: Bytes("\(number)"))
                    }
                    await Task.yield()
                }
                return number
            }
            while try await store.number("a") < 10 { await Task.yield() }
            let progress = AtomicCounter()
            try await store.backup(to: "\(path)/copy") { _ in progress.add() }
            done.raise()
            let written = try await writer.value
            #expect(progress.value > 1)

            let copy = try await backend.open("\(path)/copy")
            let number = try await copy.number("a")
            #expect(number >= 10 && number <= written)
            #expect(try await copy.number("z") == number)
            #expect(try await copy.get(Bytes("filler \(number % 20_000)")) == Bytes("\(number)"))
            #expect(try await copy.count() == 20_002)
            #expect(try await copy.statistics().engine.revision.rawValue == UInt64(number) + 1)
            #expect(try await copy.verify { _ in } == 20_002)
            // The copy continues with the next revision.
            #expect(try await copy.set("a", to: "1").revision?.rawValue == UInt64(number) + 2)
            try await copy.close()
        }
    }

    @Test("a backup into a non-empty directory is refused and changes nothing in it", arguments: disks)
    func refused(_ backend: DiskBackend) async throws {
        try await backend.withStore { store, path in
            try await store.set("a", to: "1")
            let other = try await backend.open("\(path)/other")
            try await other.set("b", to: "2")
            try await other.close()
            let before = try contents(of: "\(path)/other")
            let error = try await storeError { try await store.backup(to: "\(path)/other") { _ in } }
            #expect(error?.code == .invalidArgument)
            #expect(try contents(of: "\(path)/other") == before)
            let itself = try await storeError { try await store.backup(to: "\(path)/store") { _ in } }
            #expect(itself?.code == .invalidArgument)
            #expect(try await store.statistics().openSnapshots == 0)
        }
    }

    @Test("an unfinished backup cannot be opened as a store", arguments: disks)
    func unfinished(_ backend: DiskBackend) async throws {
        try await withLargeStore(backend) { store, path in
            let progress = AtomicCounter()
            let backup = Task {
                try await store.backup(to: "\(path)/copy") { _ in
                    progress.add()
                    unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                }
            }
            #expect(try await storeError { try await backup.value }?.code == .cancelled)
            #expect(progress.value == 1)
            let error = try await storeError { _ = try await backend.open("\(path)/copy") }
            #expect(error?.code == .corrupt && error?.message.contains("not finished") == true, "\(error as Any)")
        }
    }

    @Test("reopening keeps the revision, and the next commit gets the following one", arguments: disks)
    func revision(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            for round in 0..<5 {
                let store = try await backend.open(path, durability: round % 2 == 0 ? .buffered : .durable)
                #expect(try await store.statistics().engine.revision.rawValue == UInt64(round * 3))
                for index in 1...3 {
                    let result = try await store.set("a", to: Bytes("\(index)"))
                    #expect(result.revision?.rawValue == UInt64(round * 3 + index))
                }
                try await store.close()
            }
        }
    }

    @Test("opening the files of an open store throws .storeInUse, whatever path names them", arguments: disks)
    func openTwice(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            let store = try await backend.open("\(path)/store")
            for other in ["\(path)/store", "\(path)/./store/", "\(path)/store/../store"] {
                let error = try await storeError { _ = try await backend.open(other) }
                #expect(error?.code == .storeInUse)
                #expect(error?.advice == .inUse)
                #expect("\(error.map { "\($0)" } ?? "")".contains(path))
            }
            try await store.set("a", to: "1")
            try await store.close()
            try await backend.open("\(path)/store").close()
        }
    }

    /// Calls `body` with a store of 20,000 entries, which is backed up in several parts.
    private func withLargeStore(
        _ backend: DiskBackend, _ body: (any KeyValueStore, String) async throws -> Void
    ) async throws {
        try await backend.withStore(durability: .buffered) { store, path in
            try await store.write { batch in
                for index in 0..<20_000 { batch.set(Bytes("filler \(index)"), to: Bytes(repeating: 1, count: 100)) }
            }
            try await body(store, path)
        }
    }
}

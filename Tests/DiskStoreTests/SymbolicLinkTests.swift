import KVDSTesting
import TestSupport
import Foundation
import KVDS
import Testing

@Suite(
    "Planted symbolic links",
    .timeLimit(.minutes(5)))
struct SymbolicLinkTests {
    private static let stores: [(DiskBackend, [String])] = [
        (.lmdb, ["data.mdb", "lock.mdb"]),
        (.rocksdb, ["CURRENT", "LOCK", "LOG", "IDENTITY", "MANIFEST", "OPTIONS", ".log", ".sst"]),
    ]

    @Test("a symbolic link in place of a store's file is refused and its target is unchanged", arguments: stores)
    func files(_ backend: DiskBackend, _ names: [String]) async throws {
        try await withTemporaryDirectory { path in
            let place = "\(path)/store"
            try FileManager.default.createDirectory(atPath: "\(path)/outside", withIntermediateDirectories: false)
            for part in names {
                try? FileManager.default.removeItem(atPath: place)
                try await fill(backend, place)
                let name = try #require(TestSupport.names(at: place).first { $0.contains(part) }, "\(part)")
                let target = "\(path)/outside/\(name)"
                try FileManager.default.moveItem(atPath: "\(place)/\(name)", toPath: target)
                try FileManager.default.createSymbolicLink(atPath: "\(place)/\(name)", withDestinationPath: target)
                let before = try Data(contentsOf: URL(fileURLWithPath: target))
                try await expectRefusal(.foreignFormat) { _ = try await backend.open(place) }
                #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == before, "\(name)")
                try FileManager.default.removeItem(atPath: target)
            }
        }
    }

    @Test("a dangling symbolic link in place of a store's first file is refused", arguments: stores)
    func dangling(_ backend: DiskBackend, _ names: [String]) async throws {
        try await withTemporaryDirectory { path in
            for name in names where !name.hasPrefix(".") {
                let place = "\(path)/\(name)"
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
                try FileManager.default.createSymbolicLink(
                    atPath: "\(place)/\(name)", withDestinationPath: "\(path)/made")
                try await expectRefusal(.foreignFormat) { _ = try await backend.open(place) }
                #expect(!FileManager.default.fileExists(atPath: "\(path)/made"), "\(name)")
            }
        }
    }

    @Test("a symbolic link in place of a store's directory or its parent is refused", arguments: disks)
    func directories(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            try FileManager.default.createDirectory(atPath: "\(path)/outside", withIntermediateDirectories: false)
            for place in [backend.rawValue, "\(backend.rawValue)/id"] {
                let root = "\(path)/\(UUID().uuidString)"
                let link = "\(root)/\(place)"
                try FileManager.default.createDirectory(
                    atPath: (link as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try FileManager.default.createSymbolicLink(
                    atPath: link, withDestinationPath: "\(path)/outside")
                let distributor = DistributorActor(directory: root)
                try await expectRefusal(.notADirectory) { _ = try await distributor.store("id", on: backend.backend) }
                #expect(names(at: "\(path)/outside").isEmpty)
                await distributor.shutdown()
            }
        }
    }

    @Test("the directory that the caller names may be a symbolic link or lie behind one", arguments: disks)
    func ownPath(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            try FileManager.default.createDirectory(atPath: "\(path)/real", withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(
                atPath: "\(path)/link", withDestinationPath: "\(path)/real")
            let distributor = DistributorActor(directory: "\(path)/link")
            try await distributor.store("id", on: backend.backend).set("a", to: "1")
            await distributor.shutdown()
            #expect(names(at: "\(path)/real") == [backend.rawValue])
        }
    }

    /// Opening a pipe blocks until another process opens its other end.
    @Test(
        "a pipe in place of a store's file is refused without waiting",
        arguments: [(DiskBackend.lmdb, "data.mdb"), (.rocksdb, "CURRENT")])
    func pipe(_ backend: DiskBackend, _ name: String) async throws {
        try await withTemporaryDirectory { path in
            try Tool.run("mkfifo", ["\(path)/\(name)"])
            let error = try await storeError { _ = try await backend.open(path) }
            #expect(error?.code == .foreignFormat)
            #expect(error?.message.contains("is not a regular file") == true)
        }
    }

    /// Makes a store with every kind of file.
    private func fill(_ backend: DiskBackend, _ path: String) async throws {
        for number in 0..<2 {
            let store = try await backend.open(path)
            for index in 0..<50 {
                try await store.set(Bytes("\(number)\(index)"), to: Bytes(repeating: 1, count: 1_000))
            }
            try await store.close()
        }
    }

    private func expectRefusal(_ code: StoreError.Code, _ body: () async throws -> Void) async throws {
        let error = try await storeError(body)
        #expect(error?.code == code)
        #expect(error?.message.contains("is a symbolic link") == true && error?.message.contains("remove it") == true)
    }
}

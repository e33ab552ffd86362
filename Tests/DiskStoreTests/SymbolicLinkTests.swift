import DiskTestSupport
import Foundation
import KVDS
import Testing

@Suite(
    "A symbolic link that somebody has planted is refused, and what it points to stays as it is",
    .timeLimit(.minutes(5)))
struct SymbolicLinkTests {
    private static let stores: [(DiskBackend, [String])] = [
        (.lmdb, ["data.mdb", "lock.mdb"]),
        (.rocksdb, ["CURRENT", "LOCK", "LOG", "IDENTITY", "MANIFEST", "OPTIONS", ".log", ".sst"]),
    ]

    @Test("in the place of each file of a store", arguments: stores)
    func files(_ backend: DiskBackend, _ names: [String]) async throws {
        try await withTemporaryDirectory { path in
            let place = "\(path)/store"
            try FileManager.default.createDirectory(atPath: "\(path)/outside", withIntermediateDirectories: false)
            for part in names {
                try? FileManager.default.removeItem(atPath: place)
                try await fill(backend, place)
                let name = try #require(DiskTestSupport.names(at: place).first { $0.contains(part) }, "\(part)")
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

    @Test("that points nowhere, where a store would make its first file", arguments: stores)
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

    @Test("in the place of a store's directory, or of one above it", arguments: DiskBackend.allCases)
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

    @Test("but the directory that the caller names may be one, or lie behind one", arguments: DiskBackend.allCases)
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

    /// To open a pipe is to wait for somebody at its other end.
    @Test("and so is a pipe, without a wait", arguments: [(DiskBackend.lmdb, "data.mdb"), (.rocksdb, "CURRENT")])
    func pipe(_ backend: DiskBackend, _ name: String) async throws {
        try await withTemporaryDirectory { path in
            try Tool.run("mkfifo", ["\(path)/\(name)"])
            let error = try await storeError { _ = try await backend.open(path) }
            #expect(error?.code == .foreignFormat)
            #expect(error?.message.contains("is no file") == true)
        }
    }

    /// Leaves a store that has every kind of file.
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

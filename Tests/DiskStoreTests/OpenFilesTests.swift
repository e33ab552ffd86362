import Foundation
import KVDS
import KVDSSystem
import KVDSTesting
import Testing
import TestSupport

@Suite(
    "The files that a store has open", .serialized, .enabled(if: OpenFile.canBeSeen), .timeLimit(.minutes(2)))
struct OpenFilesTests {
    @Test("close closes every file of the store, even while the store object is held", arguments: disks)
    func closed(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            let store = try await backend.open("\(path)/store")
            try await store.set("a", to: "1")
            #expect(try await store.count() == 1)
            #expect(!OpenFile.all(below: path).isEmpty)
            try await store.close()
            #expect(OpenFile.all(below: path).map(\.path) == [])
            withExtendedLifetime(store) {}
        }
    }

    /// An incomplete backup is detected only when all files are open.
    @Test("an opening that is refused at its end leaves no file open", arguments: disks)
    func refused(_ backend: DiskBackend) async throws {
        try await backend.withStore(durability: .buffered) { store, path in
            try await store.write { batch in
                for index in 0..<2_000 { batch.set(Bytes("\(index)"), to: Bytes(repeating: 1, count: 100)) }
            }
            let backup = Task {
                try await store.backup(to: "\(path)/copy") { _ in
                    unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                }
            }
            #expect(try await storeError { try await backup.value }?.code == .cancelled)
            #expect(try await storeError { _ = try await backend.open("\(path)/copy") }?.code == .corrupt)
            #expect(OpenFile.all(below: "\(path)/copy").map(\.path) == [])
        }
    }

    /// If the directory were released first, another store could open the files before this one closes them. On LMDB,
    /// closing the first would then release the locks of the second.
    @Test("a store releases its directory only after its files are closed", arguments: disks)
    func order(_ backend: DiskBackend) async throws {
        for _ in 0..<8 {
            try await withTemporaryDirectory { path in
                let place = "\(path)/store"
                let store = try await backend.open(place, durability: .buffered)
                // Enough data for closing to take some time.
                for index in 0..<32 { try await store.set(Bytes("\(index)"), to: Bytes(repeating: 1, count: 1 << 20)) }
                #expect(try await store.count() == 32)
                let files = OpenFile.all(below: place)
                #expect(!files.isEmpty)
                let closing = Task { try await store.close() }
                let left = try await openFiles(of: files, whenGivenUp: place)
                #expect(left.map(\.path) == [])
                try await closing.value
            }
        }
    }

    /// Tries to claim the directory until it succeeds.
    ///
    /// - Returns: those of `files` that are still open at that time.
    private func openFiles(of files: [OpenFile], whenGivenUp path: String) async throws -> [OpenFile] {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            if let directory = try? StoreDirectory(claiming: path) {
                defer { directory.release() }
                return files.filter(\.isOpen)
            }
            await Task.yield()
        }
        throw ToolFailure(description: "the directory was not given up within half a minute")
    }
}

/// An open file of this process.
private struct OpenFile {
    private static let folder = "/proc/self/fd"

    let path: String
    private let descriptor: Int32
    private let identity: UInt64

    static var canBeSeen: Bool { FileManager.default.fileExists(atPath: folder) }

    static func all(below path: String) -> [OpenFile] {
        names(at: folder).compactMap { name in
            guard let descriptor = Int32(name), let identity = OpenFile.identity(of: descriptor),
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)"),
                target.hasPrefix("\(path)/") || target == path
            else { return nil }
            return OpenFile(path: target, descriptor: descriptor, identity: identity)
        }
    }

    /// Whether the same file is still open at its descriptor.
    var isOpen: Bool { OpenFile.identity(of: descriptor) == identity }

    private static func identity(of descriptor: Int32) -> UInt64? {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : nil
    }
}

import KVDSTesting
import TestSupport
import Foundation
import KVDS
import Testing

@Suite("A real disk that becomes full", .serialized, .enabled(if: SmallDisk.canBeMounted), .timeLimit(.minutes(2)))
struct FullDiskTests {
    @Test("a commit on a full disk throws .diskFull, and the store is usable when there is room", arguments: disks)
    func full(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            let disk = try SmallDisk(at: path)
            let store = try await backend.open("\(path)/store")
            let value = Bytes(repeating: 1, count: 1 << 20)
            var count = 0
            let error = try await storeError {
                while count < 100 {
                    try await store.set(Bytes("\(count)"), to: value)
                    count += 1
                }
            }
            #expect(error?.code == .diskFull, "\(error as Any)")
            #expect(error?.advice == .freeResources)
            #expect(count > 4)
            #expect(try await store.count() == count)
            try disk.makeRoom()
            try await store.set("after", to: value)
            #expect(try await store.get("after") == value)
            try await store.close()
            let again = try await backend.open("\(path)/store")
            #expect(try await again.count() == count + 1)
            try await again.close()
            disk.remove()
        }
    }
}

/// A disk in memory, part of which can be freed; needs root.
private final class SmallDisk {
    private let path: String

    static let canBeMounted: Bool = {
        let path = "\(FileManager.default.temporaryDirectory.path)/kvds-disk-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        guard let disk = try? SmallDisk(at: path) else { return false }
        disk.remove()
        return true
    }()

    init(at path: String) throws {
        try Tool.run("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", path])
        self.path = path
        try write([UInt8](repeating: 1, count: 8 << 20), to: "\(path)/ballast")
    }

    deinit { remove() }

    func makeRoom() throws { try FileManager.default.removeItem(atPath: "\(path)/ballast") }

    /// Removes the disk, even if a failed test left a store open on it. May be called twice.
    func remove() { _ = try? Tool.run("umount", ["-l", path], anyStatus: true) }
}

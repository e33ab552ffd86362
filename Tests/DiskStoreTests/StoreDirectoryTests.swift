import TestSupport
import Foundation
import KVDS
import Testing

@Suite("The directory of a store", .timeLimit(.minutes(1)))
struct StoreDirectoryTests {
    private static func code(_ body: () throws(StoreError) -> Void) -> StoreError.Code? {
        do throws(StoreError) { try body() } catch { return error.code }
        return nil
    }

    /// Returns the error of claiming the directory at `path`. If the claim succeeds, it is released.
    private static func claim(_ path: String) -> StoreError.Code? {
        code { () throws(StoreError) in try StoreDirectory(claiming: path).release() }
    }

    @Test("a directory is held by one store at a time until that store releases it")
    func claimed() async throws {
        try await withTemporaryDirectory { path in
            let (one, other) = ("\(path)/one", "\(path)/other")
            let first = try StoreDirectory(claiming: one)
            #expect(Self.claim(one) == .storeInUse)
            #expect(Self.claim(other) == nil, "another directory")
            first.release()
            #expect(Self.claim(one) == nil, "after it was given up")
            var second: StoreDirectory? = try StoreDirectory(claiming: one)
            #expect(Self.claim(one) == .storeInUse)
            withExtendedLifetime(second) {}
            second = nil
            #expect(Self.claim(one) == nil, "after its holder has gone")
        }
    }

    @Test("releasing a directory twice does not take it from its new holder")
    func releasedTwice() async throws {
        try await withTemporaryDirectory { path in
            var first: StoreDirectory? = try StoreDirectory(claiming: path)
            first?.release()
            let second = try StoreDirectory(claiming: path)
            first?.release()
            #expect(Self.claim(path) == .storeInUse, "after a second release")
            first = nil
            #expect(Self.claim(path) == .storeInUse, "after the end of the first holder")
            second.release()
            #expect(Self.claim(path) == nil)
        }
    }

    @Test("a closed store that is dropped does not release the files of the next store", arguments: disks)
    func droppedAfterClose(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            weak var dropped: AnyObject?
            let second: any KeyValueStore
            do {
                let first = try await backend.open(path)
                dropped = first as AnyObject
                try await first.close()
                second = try await backend.open(path)
            }
            // The task that closed it releases it last.
            let deadline = ContinuousClock.now + .seconds(60)
            while dropped != nil, ContinuousClock.now < deadline { await Task.yield() }
            #expect(dropped == nil, "nobody holds it")
            let error = try await storeError { try await backend.open(path).close() }
            try #require(error?.code == .storeInUse)
            try await second.set("a", to: "1")
            try await second.close()
        }
    }

    @Test("a link or a pipe among a store's files is refused without being opened")
    func wrongFiles() async throws {
        try await withTemporaryDirectory { path in
            let directory = try StoreDirectory(claiming: path)
            try write("own".utf8, to: "\(path)/file")
            try FileManager.default.createDirectory(atPath: "\(path)/folder", withIntermediateDirectories: false)
            #expect(Self.code { () throws(StoreError) in try directory.requireOwnFiles() } == nil)
            try FileManager.default.createSymbolicLink(atPath: "\(path)/link", withDestinationPath: "\(path)/file")
            #expect(Self.code { () throws(StoreError) in try directory.requireOwnFiles() } == .foreignFormat)
            try FileManager.default.removeItem(atPath: "\(path)/link")
            try Tool.run("mkfifo", ["\(path)/pipe"])
            #expect(Self.code { () throws(StoreError) in try directory.requireOwnFiles() } == .foreignFormat)
        }
    }

    @Test("a path with a NUL byte throws .invalidArgument and creates nothing")
    func nul() async throws {
        try await withTemporaryDirectory { path in
            #expect(Self.claim("\(path)/before\0/after") == .invalidArgument)
            #expect(names(at: path).isEmpty)
        }
    }

    @Test("a missing directory counts as empty, and a directory with content does not")
    func empty() async throws {
        try await withTemporaryDirectory { path in
            func check() -> StoreError.Code? {
                Self.code { () throws(StoreError) in try StoreDirectory.requireEmpty("\(path)/place") }
            }
            #expect(check() == nil, "missing")
            try FileManager.default.createDirectory(atPath: "\(path)/place", withIntermediateDirectories: false)
            #expect(check() == nil, "empty")
            try write("something".utf8, to: "\(path)/place/file")
            #expect(check() == .invalidArgument)
        }
    }
}

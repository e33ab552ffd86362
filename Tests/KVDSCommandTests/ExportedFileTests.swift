#if Command
import TestSupport
import Foundation
import KVDS
import KVDSFormats
import Testing

@Suite("The file of an export", .serialized, .timeLimit(.minutes(5)))
struct ExportedFileTests {
    @Test("a new export file is private to its owner, and a replaced one keeps its permissions")
    func modes() throws {
        let mask = umask(0)
        defer { _ = umask(mask) }
        try inDirectoryWithStore { directory, store in
            let file = "\(directory)/out.tsv"
            try export(file, store)
            #expect(try permissions(file) == 0o600)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
            try export(file, store)
            #expect(try permissions(file) == 0o640)
        }
    }

    @Test("an export replaces a leftover partial file and does not follow a link in its place")
    func leftovers() throws {
        try inDirectoryWithStore { directory, store in
            let (file, victim) = ("\(directory)/out.tsv", "\(directory)/victim")
            try write(Array("left".utf8), to: "\(file).partial")
            try export(file, store)
            #expect(try text(file) == "a\t1\n")
            try write(Array("mine".utf8), to: victim)
            try FileManager.default.createSymbolicLink(atPath: "\(file).partial", withDestinationPath: victim)
            try export(file, store)
            #expect(try text(file) == "a\t1\n")
            #expect(try text(victim) == "mine")
            #expect(names(at: directory) == ["out.tsv", "store", "victim"])
        }
    }

    @Test("an export into a pipe writes through it and leaves it a pipe")
    func pipe() throws {
        try inDirectoryWithStore { directory, store in
            let path = "\(directory)/pipe"
            let made = unsafe mkfifo(path, 0o600)
            let reader = unsafe open(path, O_RDONLY | O_NONBLOCK)
            try #require(made == 0 && reader >= 0)
            let handle = FileHandle(fileDescriptor: reader, closeOnDealloc: true)
            try export(path, store)
            #expect(try handle.readToEnd() == Data("a\t1\n".utf8))
            let type = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            #expect(type != .typeRegular)
        }
    }

    @Test(
        "an exported file is synced before it gets its name, and its name is synced after",
        .enabled(if: Tool.canTrace))
    func sync() throws {
        try inDirectoryWithStore { directory, store in
            let trace = "trace=openat,write,fsync,?rename,renameat,renameat2"
            try export("\(directory)/out.tsv", store, under: ["-o", "\(directory)/trace", "-y", "-e", trace])
            let calls = try text("\(directory)/trace").split(separator: "\n")
            let written = calls.lastIndex { $0.contains(" write(") && $0.contains("/out.tsv.partial>") }
            let synced = calls.firstIndex { $0.contains(" fsync(") && $0.contains("/out.tsv.partial>") }
            let renamed = calls.firstIndex { $0.contains(" rename") && $0.contains("/out.tsv.partial\"") }
            let named = calls.lastIndex { $0.contains(" fsync(") && $0.contains("<\(directory)>") }
            let steps = [written, synced, renamed, named].compactMap(\.self)
            #expect(steps.count == 4 && steps == steps.sorted(), "\(steps) of \(calls)")
        }
    }

    @Test("an export whose sync fails reports an error and leaves nothing behind", .enabled(if: Tool.canTrace))
    func failedSync() throws {
        try inDirectoryWithStore { directory, store in
            // For directories a store accepts this error: there is nothing to sync.
            let options = ["-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:error=EINVAL"]
            let ending = try run("\(directory)/out.tsv", store, under: options)
            let isSaid = ending.error.contains("Cannot write to \(directory)/out.tsv")
            #expect(ending.code == 2 && isSaid, "\(ending.summary)")
            #expect(names(at: directory) == ["store"])
        }
    }

    @Test("the earlier of two exports to one file is refused, and the file is the later one's")
    func twoAtOnce() async throws {
        try await withTemporaryDirectory { directory in
            let file = "\(directory)/out.tsv"
            let error = await #expect(throws: StoreError.self) {
                try await Descriptor.replacingFile(at: file) { first in
                    try first.write(Array("first".utf8))
                    try await Descriptor.replacingFile(at: file) { try $0.write(Array("second".utf8)) }
                }
            }
            #expect(error?.code == .busy)
            let found = try text(file)
            #expect(found == "second")
            #expect(names(at: directory) == ["out.tsv"])
        }
    }

    @Test("a failed export leaves the partial file of another export alone")
    func failedBeside() async throws {
        struct Failure: Error {}
        try await withTemporaryDirectory { directory in
            let file = "\(directory)/out.tsv"
            await #expect(throws: Failure.self) {
                try await Descriptor.replacingFile(at: file) { _ in
                    // Another export begins.
                    try FileManager.default.removeItem(atPath: "\(file).partial")
                    try write(Array("other".utf8), to: "\(file).partial")
                    throw Failure()
                }
            }
            let found = try text("\(file).partial")
            #expect(found == "other")
        }
    }

    private func inDirectoryWithStore(_ body: (_ directory: String, _ store: String) throws -> Void) throws {
        try KvdsProcess.inDirectory { directory in
            let store = "lmdb:\(directory)/store"
            try KvdsProcess.succeed("set", "a", "1", "--store", store)
            try body(directory, store)
        }
    }

    /// Exports to `file`, and expects success.
    private func export(_ file: String, _ store: String, under options: [String]? = nil) throws {
        let ending = try run(file, store, under: options)
        #expect(ending.code == 0, "\(ending.summary)")
    }

    /// - Parameter options: options of strace, if the command runs under it.
    private func run(
        _ file: String, _ store: String, under options: [String]? = nil
    ) throws -> RunningProcess.Ending {
        let arguments = ["export", file, "--store", store]
        guard let options else { return try RunningProcess(arguments).end() }
        let strace = try #require(Tool.path("strace"))
        return try RunningProcess(
            ["-f"] + options + [KvdsProcess.executable.path] + arguments, program: URL(fileURLWithPath: strace)
        ).end()
    }

    private func text(_ file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }

    private func permissions(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }
}
#endif

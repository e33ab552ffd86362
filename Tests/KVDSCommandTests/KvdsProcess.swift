#if Command
import TestSupport
import Foundation

/// The `kvds` executable that was built with the tests.
enum KvdsProcess {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The executable is beside the test bundle, or on Linux beside the test program.
    static let executable: URL = {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL ?? Bundle.main.bundleURL
        let places = [bundle.deletingLastPathComponent(), bundle, Bundle.main.bundleURL]
        let candidates = places.map { $0.appendingPathComponent("kvds") }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? candidates[0]
    }()

    /// Runs a program and waits for its end.
    ///
    /// - Returns: its exit code and its standard error output.
    @discardableResult
    static func run(
        _ arguments: [String], program: URL = executable, input: FileHandle = .nullDevice,
        output: FileHandle = .nullDevice
    ) throws -> (code: Int32, error: String) {
        let process = Process()
        let errors = Pipe()
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let limit = ProcessLimit(of: process.processIdentifier)
        defer { limit.stop() }
        let text = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self))
    }

    /// Runs `kvds`, and expects success.
    static func succeed(_ arguments: String..., output: FileHandle = .nullDevice) throws {
        let (code, error) = try run(arguments, output: output)
        if code != 0 { throw Failure(description: "kvds \(arguments.joined(separator: " ")): exit \(code): \(error)") }
    }

    /// Calls `body` with the path of a new directory, and removes the directory afterwards.
    static func inDirectory<R>(_ body: (String) throws -> R) throws -> R {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("kvds-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        return try body(directory.path)
    }

    /// Like ``inDirectory(_:)``, with an LMDB store in the directory that contains `a` with the value 1. `body` also
    /// gets the name of the store.
    static func withStore(_ body: (_ store: String, _ directory: String) throws -> Void) throws {
        try inDirectory { directory in
            let store = "lmdb:\(directory)/store"
            try succeed("set", "a", "1", "--store", store)
            try body(store, directory)
        }
    }
}
#endif

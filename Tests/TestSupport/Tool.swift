import Foundation

/// A system program that tests use to examine stores.
public enum Tool {
    /// Returns the path of the program `name`, or nil if it is not installed.
    public static func path(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Returns the path of an executable of this package. The package manager puts it into the folder of the test
    /// program, or above that.
    public static func product(_ name: String) throws -> String {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for _ in 0..<4 {
            let path = folder.appendingPathComponent(name).path
            if FileManager.default.isExecutableFile(atPath: path) { return path }
            folder.deleteLastPathComponent()
        }
        throw ToolFailure(description: "\(name) is not beside \(CommandLine.arguments[0])")
    }

    public static func isInstalled(_ name: String) -> Bool { path(name) != nil }

    /// Whether strace is installed and allowed to trace.
    public static let canTrace: Bool = (try? run("strace", ["-f", "-o", "/dev/null", "/bin/true"])) != nil

    /// Runs a program and waits for its end.
    ///
    /// - Returns: its standard output.
    /// - Throws: if it is not installed, or ends with a status other than 0 and `anyStatus` is false.
    @discardableResult
    public static func run(_ name: String, _ arguments: [String], anyStatus: Bool = false) throws -> String {
        guard let path = path(name) else { throw ToolFailure(description: "\(name) is not installed") }
        let (status, output) = try output(of: [path] + arguments)
        guard anyStatus || status == 0 else { throw ToolFailure(description: "\(name) ended with status \(status)") }
        return output
    }

    /// Runs the program at `command[0]` and waits for its end.
    ///
    /// - Returns: its status and its standard output.
    public static func output(of command: [String]) throws -> (status: Int32, output: String) {
        let process = try ChildProcess(command, silencingErrors: true)
        var data: [UInt8] = []
        while let more = process.nextOutput() { data += more }
        return (process.wait(), String(decoding: data, as: UTF8.self))
    }
}

public struct ToolFailure: Error, CustomStringConvertible {
    public let description: String
    public init(description: String) { self.description = description }
}

import Foundation

/// Runs programs and waits for their end.
enum Command {
    /// Runs a program from the PATH and discards its output.
    ///
    /// - Returns: its exit status, or 127 if it could not be started.
    static func runSilently(_ command: [String], environment: [String: String]) -> Int32 {
        let process = make(command, environment)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return 127 }
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Runs a program from the PATH.
    ///
    /// - Returns: its exit status and its output.
    static func run(
        _ command: [String], environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String) {
        let process = make(command, environment)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    private static func make(_ command: [String], _ environment: [String: String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        return process
    }
}

import TestSupport
import Foundation
import Testing

@Suite("The time limit of child processes", .timeLimit(.minutes(5)))
struct ProcessLimitTests {
    @Test(
        "a child process that runs too long is killed together with its own children",
        .enabled(if: Tool.isInstalled("ps")))
    func killed() throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "sleep 1000 & wait"]
        process.standardOutput = output
        try process.run()
        let limit = ProcessLimit(of: process.processIdentifier, limit: .milliseconds(500))
        // The shell and its child both hold the pipe, so it ends only when both have ended.
        #expect(try output.fileHandleForReading.readToEnd() ?? Data() == Data())
        process.waitUntilExit()
        limit.stop()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL)
    }
}

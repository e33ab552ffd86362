import DiskTestSupport
import Foundation
import Testing

@Suite("The limit of child processes", .timeLimit(.minutes(5)))
struct ProcessLimitTests {
    @Test(
        "a child process that runs for too long is killed, with what it has started",
        .enabled(if: Tool.isInstalled("ps")))
    func killed() throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "sleep 1000 & wait"]
        process.standardOutput = output
        try process.run()
        let limit = ProcessLimit(of: process.processIdentifier, limit: .milliseconds(500))
        // The shell and its child both hold the pipe: it ends when both have.
        #expect(try output.fileHandleForReading.readToEnd() ?? Data() == Data())
        process.waitUntilExit()
        limit.stop()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL)
    }
}

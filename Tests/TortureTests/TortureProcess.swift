import DiskTestSupport
import Foundation
import Testing

/// The `kvds-torture` that was built with the tests.
enum TortureProcess {
    /// Runs a kind, which must find its promises kept, or its broken store caught.
    static func run(_ arguments: String...) async throws {
        let path = try executable
        let (status, output) = try await withCheckedThrowingContinuation { waiter in
            Thread.detachNewThread { waiter.resume(with: Result { try Tool.output(of: [path] + arguments) }) }
        }
        #expect(status == 0, "kvds-torture \(arguments.joined(separator: " ")):\n\(output)")
        #expect(output.contains("TORTURE \(arguments[0]) "), "the line of figures is missing:\n\(output)")
    }

    /// Beside the test program, where the package manager puts all it builds.
    private static var executable: String {
        get throws {
            var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            for _ in 0..<4 {
                let path = folder.appendingPathComponent("kvds-torture").path
                if FileManager.default.isExecutableFile(atPath: path) { return path }
                folder.deleteLastPathComponent()
            }
            throw ToolFailure(description: "kvds-torture is not beside \(CommandLine.arguments[0])")
        }
    }
}

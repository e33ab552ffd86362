#if Command
import TestSupport
import Foundation
import Testing

/// The `kvds-torture` executable that was built with the tests.
enum TortureProcess {
    /// The output of a run.
    struct Report {
        let output: String

        /// Returns a figure of the final line.
        func figure(_ name: String) -> String? {
            let line = output.split(separator: "\n").last { $0.hasPrefix("TORTURE ") }
            return line?.split(separator: " ").first { $0.hasPrefix("\(name)=") }.map {
                String($0.dropFirst(name.count + 1))
            }
        }
    }

    /// Runs a subcommand, which must find no fault, or must detect its broken store.
    @discardableResult
    static func run(_ arguments: String...) async throws -> Report {
        let path = try Tool.product("kvds-torture")
        let (status, output) = try await withCheckedThrowingContinuation { waiter in
            Thread.detachNewThread { waiter.resume(with: Result { try Tool.output(of: [path] + arguments) }) }
        }
        #expect(status == 0, "kvds-torture \(arguments.joined(separator: " ")):\n\(output)")
        #expect(output.contains("TORTURE \(arguments[0]) "), "the line of figures is missing:\n\(output)")
        return Report(output: output)
    }
}
#endif

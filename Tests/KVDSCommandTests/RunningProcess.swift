#if Command
import TestSupport
import Foundation
import KVDS
import Synchronization

/// A running `kvds`, or another program, that a test observes. It is killed if it runs too long.
final class RunningProcess {
    /// How a process ended.
    struct Ending {
        /// The exit code, or nil if a signal ended the process.
        var code: Int32?
        /// The signal that ended the process.
        var signal: Int32?
        /// Standard output that was not read before.
        var output: Data
        /// Standard error output that was not read before.
        var error: String

        var text: String { String(decoding: output, as: UTF8.self) }
        /// A summary for a failure message.
        var summary: String {
            "\(code.map { "exit \($0)" } ?? "signal \(signal ?? 0)"), \(output.count) bytes, said: \(error.prefix(500))"
        }
    }

    private let process: Process
    private let output: Pipe
    private let errors: Pipe
    private let limit: ProcessLimit
    private var isOutputClosed = false

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - environment: variables in addition to those of the tests. The variable for the store is removed unless it is
    ///     given here.
    ///   - ignored: signals that the program ignores from the start. All others have their default effect.
    init(
        _ arguments: [String], program: URL = KvdsProcess.executable, environment: [String: String] = [:],
        input: Any = FileHandle.nullDevice, output: Pipe = Pipe(), ignoring ignored: [Int32] = [],
        limit: Duration = .seconds(120)
    ) throws {
        let process = Process()
        let errors = Pipe()
        var variables = ProcessInfo.processInfo.environment
        variables["KVDS_STORE"] = nil
        variables.merge(environment) { $1 }
        process.executableURL = program
        process.arguments = arguments
        process.environment = variables
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try RunningProcess.start(process, ignoring: ignored)
        self.process = process
        self.output = output
        self.errors = errors
        self.limit = ProcessLimit(of: process.processIdentifier, limit: limit)
    }

    deinit {
        limit.stop()
        if process.isRunning { send(SIGKILL) }
    }

    /// Held while this process has an unusual signal configuration.
    private static let starting = Mutex(())

    /// Test threads block signals, and a test may make this process ignore some. A child would inherit both. The
    /// handling of SIGPIPE, which other threads may need in the meantime, is not changed, because `kvds` sets its own.
    private static func start(_ process: Process, ignoring ignored: [Int32]) throws {
        try starting.withLock { _ in try startAlone(process, ignoring: ignored) }
    }

    private static func startAlone(_ process: Process, ignoring ignored: [Int32]) throws {
        let numbers = [SIGINT, SIGTERM, SIGHUP]
        let handlers = numbers.map { number in signal(number, ignored.contains(number) ? SIG_IGN : SIG_DFL) }
        defer { for (number, handler) in zip(numbers, handlers) { _ = signal(number, handler) } }
        var none = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    /// Pauses the process, and waits until it has stopped or ended.
    func pause() {
        send(SIGSTOP)
        let status = "/proc/\(process.processIdentifier)/stat"
        // The state follows the name of the program, which is in parentheses.
        while process.isRunning, let text = try? String(contentsOfFile: status, encoding: .utf8),
            text.split(separator: ") ").last?.first != "T"
        {
            usleep(1_000)
        }
    }

    func send(_ number: Int32) { _ = kill(process.processIdentifier, number) }

    /// Waits for output. Returns an empty string at its end.
    func nextOutput() -> String { String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) }

    /// Waits for standard error output. Returns an empty string at its end.
    func nextError() -> String { String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self) }

    /// Closes the reading end of the output.
    func closeOutput() throws {
        isOutputClosed = true
        try output.fileHandleForReading.close()
    }

    /// Reads the remaining output, and waits for the end of the process.
    func end() throws -> Ending {
        // Read both concurrently: a child that fills one pipe would block forever if the other were read to its end
        // first.
        let error = Monitor<Data?>(nil)
        Thread.detachNewThread { [errors] in
            let data = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
            error.withLock { $0 = data }
            error.wakeAll()
        }
        let rest = isOutputClosed ? nil : try output.fileHandleForReading.readToEnd()
        let message = error.wait { $0 }
        process.waitUntilExit()
        limit.stop()
        let hasExited = process.terminationReason == .exit
        return Ending(
            code: hasExited ? process.terminationStatus : nil, signal: hasExited ? nil : process.terminationStatus,
            output: rest ?? Data(), error: String(decoding: message, as: UTF8.self))
    }
}

extension KvdsProcess {
    /// Runs `kvds` and waits for its end, for at most two minutes.
    static func finish(_ arguments: String..., input: Any = FileHandle.nullDevice) throws -> RunningProcess.Ending {
        try RunningProcess(arguments, input: input).end()
    }
}
#endif

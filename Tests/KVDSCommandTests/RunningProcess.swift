import DiskTestSupport
import Foundation
import KVDS
import Synchronization

/// A `kvds`, or another program, that a test looks at while it runs. It is killed when it runs for too long.
final class RunningProcess {
    /// How a process ended.
    struct Ending {
        /// Its exit code; nil when a signal ended it.
        var code: Int32?
        /// The signal that ended it.
        var signal: Int32?
        /// What it wrote on standard output, as far as that was not read before.
        var output: Data
        /// The same for standard error.
        var error: String

        var text: String { String(decoding: output, as: UTF8.self) }
        /// For the message of an expectation.
        var summary: String {
            "\(code.map { "exit \($0)" } ?? "signal \(signal ?? 0)"), \(output.count) bytes, said: \(error.prefix(500))"
        }
    }

    private let process: Process
    private let output: Pipe
    private let errors: Pipe
    private let limit: ProcessLimit
    private var isOutputClosed = false

    /// Starts it.
    ///
    /// - Parameters:
    ///   - environment: variables besides those of the tests; no store is named there unless this does.
    ///   - ignored: signals that it ignores from the start. All others have their default effect.
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

    /// Held while what this process does with signals is another than usual.
    private static let starting = Mutex(())

    /// The threads of tests block signals, and a test may have this process ignore some: a child would inherit both. Of broken
    /// pipes, which other threads may meet meanwhile, nothing changes: `kvds` sees to those itself.
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

    /// Stops it, and waits until it has stopped or ended.
    func pause() {
        send(SIGSTOP)
        let status = "/proc/\(process.processIdentifier)/stat"
        // The state stands behind the name of the program, which is in parentheses.
        while process.isRunning, let text = try? String(contentsOfFile: status, encoding: .utf8),
            text.split(separator: ") ").last?.first != "T"
        {
            usleep(1_000)
        }
    }

    func send(_ number: Int32) { _ = kill(process.processIdentifier, number) }

    /// Waits for output; nothing when there is no more.
    func nextOutput() -> String { String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) }

    /// Waits for a message on standard error; nothing when there is no more.
    func nextError() -> String { String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self) }

    /// Takes no more output.
    func closeOutput() throws {
        isOutputClosed = true
        try output.fileHandleForReading.close()
    }

    /// Reads what is left of its output, and waits for its end.
    func end() throws -> Ending {
        // Beside each other: a child that fills one of them would wait for ever for whoever reads the other first.
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
    /// Runs `kvds` to its end, for two minutes at most.
    static func finish(_ arguments: String..., input: Any = FileHandle.nullDevice) throws -> RunningProcess.Ending {
        try RunningProcess(arguments, input: input).end()
    }
}

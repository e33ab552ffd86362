import Foundation
import Synchronization

/// A process of its own with a store open: `kvds-test-worker`, spoken to line by line.
///
/// Every command is answered by one line, but `batches`, which acknowledges one commit after the other.
public final class WorkerProcess: Sendable {
    public let backend: DiskBackend
    private let process: ChildProcess
    private let lines: AsyncStream<String>
    private let ending = Ending()

    /// Starts a worker with the store at `path`. Its first line says `open`, or the code of the error and its message.
    ///
    /// - Parameter wrapper: a program to start it under, with its arguments.
    public init(_ backend: DiskBackend, _ path: String, _ options: [String] = [], under wrapper: [String] = []) throws {
        self.backend = backend
        let worker = try WorkerProcess.executable
        let command = wrapper + [worker, backend.rawValue, path] + options
        guard let program = command.first.flatMap({ $0.contains("/") ? $0 : Tool.path($0) }) else {
            throw ToolFailure(description: "\(command.first ?? "") is not installed")
        }
        process = try ChildProcess.start([program] + command.dropFirst())
        lines = WorkerProcess.lines(of: process, ending)
    }

    deinit { process.end() }

    /// The number of the process.
    public var id: Int32 { process.number }

    /// Sends a command and awaits the line that answers it.
    public func ask(_ command: String) async throws -> String {
        try send(command)
        guard let line = await nextLine() else {
            throw ToolFailure(description: "the worker ended instead of answering \(command)")
        }
        return line
    }

    /// As ``ask(_:)``; a worker that does not answer for so long is ended.
    public func ask(_ command: String, within limit: Duration) async throws -> String {
        try send(command)
        guard let line = await nextLine(within: limit) else {
            throw ToolFailure(description: "the worker did not answer \(command) within \(limit)")
        }
        return line
    }

    public func send(_ command: String) throws { try process.send("\(command)\n") }

    /// The next line the worker prints; nil when it has ended. One caller at a time.
    public func nextLine() async -> String? {
        var iterator = lines.makeAsyncIterator()
        return await iterator.next(isolation: nil)
    }

    /// As ``nextLine()``; a worker that says nothing for so long is ended.
    public func nextLine(within limit: Duration) async -> String? {
        let watch = Task { [process] in
            try await Task.sleep(for: limit)
            process.end()
        }
        defer { watch.cancel() }
        return await nextLine()
    }

    /// Waits until the worker waits for a lock that it shares with other processes.
    ///
    /// - Returns: false when it does not within a minute.
    public func waitsForSharedLock() async -> Bool {
        let end = ContinuousClock.now + .seconds(60)
        while !process.waitsForSharedLock {
            if .now > end { return false }
            await Task.yield()
        }
        return true
    }

    /// Ends the worker at once, as a crash would. What it printed can still be read; the end of that is its end.
    public func crash() { process.end() }

    /// Lets the worker close its store, and awaits its end.
    public func quit() async throws {
        try send("quit")
        while await nextLine() != nil {}
    }

    /// Awaits the end of the worker.
    ///
    /// - Returns: its status: 0, or another exit code times 256, or the signal that ended it.
    public func status() async -> Int32? {
        while await nextLine() != nil {}
        return ending.status.withLock { $0 }
    }

    /// Beside the test program, where the package manager puts all it builds.
    private static var executable: String {
        get throws {
            var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            for _ in 0..<4 {
                let path = folder.appendingPathComponent("kvds-test-worker").path
                if FileManager.default.isExecutableFile(atPath: path) { return path }
                folder.deleteLastPathComponent()
            }
            throw ToolFailure(description: "kvds-test-worker is not beside \(CommandLine.arguments[0])")
        }
    }

    /// The lines that `process` prints, read by a thread of their own. They end once it has ended, and its status
    /// is known.
    private static func lines(of process: ChildProcess, _ ending: Ending) -> AsyncStream<String> {
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        Thread.detachNewThread {
            var rest: [UInt8] = []
            while let more = process.nextOutput() {
                rest += more
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    line.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest.removeFirst(end + 1)
                }
            }
            let status = process.wait()
            ending.status.withLock { $0 = status }
            line.finish()
        }
        return lines
    }
}

/// How a process ended, once it has.
private final class Ending: Sendable {
    let status = Mutex<Int32?>(nil)
}

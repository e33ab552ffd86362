import Foundation
import Synchronization

/// A separate process with an open store: `kvds-test-worker`, controlled by lines of text.
///
/// Each command is answered by one line, except `batches`, which acknowledges each commit.
public final class WorkerProcess: Sendable {
    public let backend: DiskBackend
    private let process: ChildProcess
    private let lines: AsyncStream<String>
    private let ending = Ending()

    /// Starts a worker with the store at `path`. Its first line is `open`, or the code and message of an error.
    ///
    /// - Parameters:
    ///   - wrapper: a program to start it under, with its arguments.
    ///   - product: the name of the worker's program.
    public init(
        _ backend: DiskBackend, _ path: String, _ options: [String] = [], under wrapper: [String] = [],
        product: String = "kvds-test-worker"
    ) throws {
        self.backend = backend
        let worker = try Tool.product(product)
        let command = wrapper + [worker, backend.rawValue, path] + options
        guard let program = command.first.flatMap({ $0.contains("/") ? $0 : Tool.path($0) }) else {
            throw ToolFailure(description: "\(command.first ?? "") is not installed")
        }
        process = try ChildProcess([program] + command.dropFirst())
        lines = WorkerProcess.lines(of: process, ending)
    }

    deinit { process.end() }

    /// The number of the process.
    public var id: Int32 { process.number }

    /// Sends a command and waits for the answer.
    public func ask(_ command: String) async throws -> String {
        try send(command)
        guard let line = await nextLine() else {
            throw ToolFailure(description: "the worker ended instead of answering \(command)")
        }
        return line
    }

    /// Like ``ask(_:)``, but kills a worker that does not answer within `limit`.
    public func ask(_ command: String, within limit: Duration) async throws -> String {
        try send(command)
        guard let line = await nextLine(within: limit) else {
            throw ToolFailure(description: "the worker did not answer \(command) within \(limit)")
        }
        return line
    }

    public func send(_ command: String) throws { try process.send("\(command)\n") }

    /// Returns the next line that the worker prints, or nil if it has ended. Only one caller at a time.
    public func nextLine() async -> String? {
        var iterator = lines.makeAsyncIterator()
        return await iterator.next(isolation: nil)
    }

    /// Like ``nextLine()``, but kills a worker that prints nothing within `limit`.
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
    /// - Returns: false if it does not within a minute.
    public func waitsForSharedLock() async -> Bool {
        let end = ContinuousClock.now + .seconds(60)
        while !process.waitsForSharedLock {
            if .now > end { return false }
            await Task.yield()
        }
        return true
    }

    /// Kills the worker immediately, like a crash. Its earlier output can still be read.
    public func crash() { process.end() }

    /// Makes the worker close its store, and waits for its end.
    public func quit() async throws {
        try send("quit")
        while await nextLine() != nil {}
    }

    /// Waits for the end of the worker.
    ///
    /// - Returns: its status: 0, another exit code times 256, or the signal that ended it.
    public func status() async -> Int32? {
        while await nextLine() != nil {}
        return ending.status.withLock { $0 }
    }

    /// Returns the lines that `process` prints, read by a separate thread. The stream ends once the process has ended
    /// and its status is known.
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

/// The status of a process that has ended.
private final class Ending: Sendable {
    let status = Mutex<Int32?>(nil)
}

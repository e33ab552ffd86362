import Foundation
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A process of its own with a store open: `kvds-test-worker`, spoken to line by line.
///
/// Every command is answered by one line, but `batches`, which acknowledges one commit after the other.
public final class WorkerProcess: Sendable {
    public let backend: DiskBackend
    private let process: Process
    private let input: FileHandle
    private let lines: AsyncStream<String>
    private let ended: AsyncStream<Int32>

    /// Starts a worker with the store at `path`. Its first line says `open`, or the code of the error and its message.
    ///
    /// - Parameter wrapper: a program to start it under, with its arguments.
    public init(_ backend: DiskBackend, _ path: String, _ options: [String] = [], under wrapper: [String] = []) throws {
        self.backend = backend
        let worker = try WorkerProcess.executable
        let command = wrapper + [worker, backend.rawValue, path] + options
        let process = Process()
        guard let program = command.first.flatMap({ $0.contains("/") ? $0 : Tool.path($0) }) else {
            throw ToolFailure(description: "\(command.first ?? "") is not installed")
        }
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = Array(command.dropFirst())
        let standardInput = Pipe()
        let standardOutput = Pipe()
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        input = standardInput.fileHandleForWriting
        lines = WorkerProcess.lines(of: standardOutput.fileHandleForReading)
        let (ended, end) = AsyncStream.makeStream(of: Int32.self)
        self.ended = ended
        process.terminationHandler = { process in
            end.yield(process.terminationStatus)
            end.finish()
        }
        self.process = process
        // A worker that was killed must not take the test with it when it is written to.
        _ = signal(SIGPIPE, SIG_IGN)
        try process.run()
    }

    deinit {
        if process.isRunning { end(process.processIdentifier) }
    }

    /// Sends a command and awaits the line that answers it.
    public func ask(_ command: String) async throws -> String {
        try send(command)
        guard let line = await nextLine() else { throw ToolFailure(description: "the worker ended instead of answering \(command)") }
        return line
    }

    public func send(_ command: String) throws { try input.write(contentsOf: Data("\(command)\n".utf8)) }

    /// The next line the worker prints; nil when it has ended. One caller at a time.
    public func nextLine() async -> String? {
        var iterator = lines.makeAsyncIterator()
        return await iterator.next(isolation: nil)
    }

    /// Ends the worker at once, as a crash would, and awaits its end.
    public func crash() async {
        end(process.processIdentifier)
        await awaitEnd()
    }

    /// Lets the worker close its store, and awaits its end.
    public func quit() async throws {
        try send("quit")
        await awaitEnd()
    }

    private func awaitEnd() async { for await _ in ended {} }

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

    private static func lines(of handle: FileHandle) -> AsyncStream<String> {
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        let rest = Mutex(Data())
        handle.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                return line.finish()
            }
            rest.withLock { rest in
                rest += data
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    line.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest = Data(rest[rest.index(after: end)...])
                }
            }
        }
        return lines
    }
}

private func end(_ process: Int32) { _ = kill(process, SIGKILL) }

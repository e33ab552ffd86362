import Foundation
import KVDSSystem

/// A child process with pipes to its standard input and output. It is killed if it runs too long.
///
/// It does not use Foundation's `Process`: there, children that start at the same time inherit each other's pipes, so
/// that the end of one is detected only when the other ends too.
final class ChildProcess: Sendable {
    private let process: SpawnedProcess
    private let limit: ProcessLimit

    var number: pid_t { process.id }
    private var input: Int32 { process.input ?? -1 }
    private var output: Int32 { process.output }

    /// Starts the program at `command[0]` in its own process group.
    init(_ command: [String], silencingErrors: Bool = false) throws {
        do throws(SpawnedProcess.Failure) {
            process = try SpawnedProcess(
                command[0], command, silencingErrors ? [.leadsGroup, .discardsErrors] : .leadsGroup)
        } catch {
            throw ToolFailure(description: "\(command[0]) did not start: \(error.reason)")
        }
        limit = ProcessLimit(of: process.id)
        // Writing to a killed child must not end this process.
        _ = signal(SIGPIPE, SIG_IGN)
    }

    deinit {
        limit.stop()
        close(input)
        close(output)
    }

    func send(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(input, $0.baseAddress, $0.count) }
            if count < 0 { throw ToolFailure(description: "the process takes no more input") }
            rest = rest.dropFirst(count)
        }
    }

    /// Waits for output.
    ///
    /// - Returns: nil if the process and all its children have closed the pipe.
    func nextOutput() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(output, $0.baseAddress, $0.count) }
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// Waits until the process ends. May be called only once.
    ///
    /// - Returns: the wait status: an exit code times 256, or a signal.
    func wait() -> Int32 {
        // The process has ended but keeps its number until it is reaped. After that, the number must not be used to
        // kill it.
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(number), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        limit.stop()
        return (try? process.wait()) ?? 0
    }

    /// Whether a thread of the process waits for a lock shared with other processes: a file lock, or a mutex in shared
    /// memory. Linux only.
    var waitsForSharedLock: Bool {
        let tasks = "/proc/\(number)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return threads.contains { thread in
            let text = try? String(contentsOfFile: "\(tasks)/\(thread)/syscall", encoding: .utf8)
            guard let call = text?.split(separator: " "), call.count > 2 else { return false }
            // A wait for a mutex that is not shared is marked as private with the bit 0x80.
            let isSharedWait = Int32(call[0]) == ChildProcess.futexCall && call[2] == "0x0"
            return isSharedWait || Int32(call[0]) == ChildProcess.fileLockCall
        }
    }

    #if arch(x86_64)
    private static let (fileLockCall, futexCall): (Int32, Int32) = (72, 202)
    #else
    private static let (fileLockCall, futexCall): (Int32, Int32) = (25, 98)
    #endif

    /// Kills the process and its children.
    func end() { _ = kill(-number, SIGKILL) }
}

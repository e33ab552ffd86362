import Foundation
import KVDSSystem
import Synchronization

/// A child process with pipes to its standard input and output. It is killed if it runs too long.
///
/// It does not use Foundation's `Process`: there, children that start at the same time inherit each other's pipes, so
/// that the end of one is detected only when the other ends too.
final class ChildProcess: Sendable {
    let number: pid_t
    private let input: Int32
    private let output: Int32
    private let limit: ProcessLimit

    /// Held while there are pipes that a concurrently started child would inherit.
    private static let starting = Mutex(())

    /// Starts the program at `command[0]` in its own process group.
    static func start(_ command: [String], silencingErrors: Bool = false) throws -> ChildProcess {
        try starting.withLock { _ in try ChildProcess(command, silencingErrors: silencingErrors) }
    }

    private init(_ command: [String], silencingErrors: Bool) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        let (childInput, input) = try ChildProcess.makePipe()
        let (output, childOutput) = try ChildProcess.makePipe()
        unsafe posix_spawn_file_actions_adddup2(&actions, childInput, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, childOutput, 1)
        if silencingErrors { unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) }
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))

        var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var number: pid_t = 0
        let code = unsafe posix_spawn(&number, command[0], &actions, &attributes, &arguments, environ)
        close(childInput)
        close(childOutput)
        guard code == 0 else {
            close(input)
            close(output)
            throw ToolFailure(description: "\(command[0]) did not start: \(unsafe String(cString: strerror(code)))")
        }
        self.number = number
        self.input = input
        self.output = output
        self.limit = ProcessLimit(of: number)
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
        var status: Int32 = 0
        unsafe waitpid(number, &status, 0)
        return status
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

    private static func makePipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw ToolFailure(description: "there is no pipe to be had") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

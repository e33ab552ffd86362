#if Command
import KVDSSystem

/// Another process of this program, with pipes to its standard input and output. Used by one task.
final class ChildProcess {
    let id: pid_t
    private let input: Int32
    private let output: Int32
    private var hasEnded = false

    /// The result of reading the child's output.
    enum Output {
        case bytes([UInt8])
        case nothingYet
        /// The process and all its children have closed the pipe.
        case end
    }

    init(arguments: [String]) throws {
        let (childInput, input) = try ChildProcess.makePipe()
        let (output, childOutput) = try ChildProcess.makePipe()
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        let path = CommandLine.arguments[0]
        #else
        var actions = unsafe posix_spawn_file_actions_t()
        let path = "/proc/self/exe"
        #endif
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, childInput, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, childOutput, STDOUT_FILENO)
        var vector = unsafe ([CommandLine.arguments[0]] + arguments).map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe vector.indices { unsafe free(vector[index]) } }
        var id: pid_t = 0
        let code = unsafe posix_spawn(&id, path, &actions, nil, &vector, environ)
        close(childInput)
        close(childOutput)
        self.id = id
        self.input = input
        self.output = output
        if code != 0 {
            hasEnded = true
            throw BrokenPromise("a child process did not start: \(unsafe String(cString: strerror(code)))")
        }
    }

    deinit {
        close(input)
        close(output)
        if !hasEnded {
            end()
            _ = wait()
        }
    }

    func send(_ bytes: some Sequence<UInt8>) {
        _ = unsafe Array(bytes).withUnsafeBytes { unsafe write(input, $0.baseAddress, $0.count) }
    }

    /// Waits for output, for at most `time`.
    func nextOutput(within time: Duration) -> Output {
        var request = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        let milliseconds = Int32(min(time / .milliseconds(1), 1e6))
        var count = unsafe poll(&request, 1, milliseconds)
        if count == 0, milliseconds == 0, time > .zero {
            // poll has a resolution of one millisecond.
            usleep(UInt32(time / .microseconds(1)))
            count = unsafe poll(&request, 1, 0)
        }
        guard count > 0 else { return .nothingYet }
        let buffer = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            unsafe count = max(0, read(output, buffer.baseAddress, buffer.count))
        }
        return buffer.isEmpty ? .end : .bytes(buffer)
    }

    func end() { _ = kill(id, SIGKILL) }

    /// Waits until the process ends. May be called only once.
    ///
    /// - Returns: whether it was killed, and otherwise its exit code.
    func wait() -> (wasKilled: Bool, code: Int32) {
        var status: Int32 = 0
        while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
        hasEnded = true
        return (status & 0x7F == SIGKILL, status >> 8 & 0xFF)
    }

    private static func makePipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw BrokenPromise("there is no pipe to be had") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
#endif

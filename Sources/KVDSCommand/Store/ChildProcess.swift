import KVDS
import KVDSFormats
import KVDSSystem

/// A child process that runs this command again. Its standard output is read. Its standard error is discarded: a
/// crashing library must not write there, beside the one line that we report.
struct ChildProcess {
    /// The standard output of the child. It ends when the child ends.
    let output: Descriptor
    private let id: pid_t

    init(arguments: [String]) throws(StoreError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw .system(errno, "make", "a pipe") }
        let output = Descriptor(ends[0], name: "the checking process", isOwned: true)
        let input = Descriptor(ends[1], name: "a pipe", isOwned: true)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }

        let id = try Self.spawn(arguments, output: input.number)
        self.output = output
        self.id = id
    }

    /// Waits for the end of the child.
    ///
    /// - Returns: the child's exit code or signal, in words.
    func wait() throws(StoreError) -> String {
        var status: Int32 = 0
        while unsafe waitpid(id, &status, 0) < 0 {
            if errno != EINTR { throw .system(errno, "wait for", "the checking process") }
        }
        let signal = status & 0x7F
        return signal == 0 ? "exit \(status >> 8 & 0xFF)" : "signal \(signal)"
    }

    private static func spawn(_ arguments: [String], output: Int32) throws(StoreError) -> pid_t {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        #else
        var actions = unsafe posix_spawn_file_actions_t()
        #endif
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)

        let path = executablePath
        var vector = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        // We expect the crash and report it, so the runtime need not spend seconds on a backtrace.
        var environment =
            unsafe inheritedEnvironment().map { unsafe strdup($0) } + [strdup("SWIFT_BACKTRACE=enable=no"), nil]
        defer {
            for index in unsafe vector.indices { unsafe free(vector[index]) }
            for index in unsafe environment.indices { unsafe free(environment[index]) }
        }
        var id: pid_t = 0
        let code = unsafe posix_spawn(&id, path, &actions, nil, &vector, &environment)
        if code != 0 { throw .system(code, "run", path) }
        return id
    }

    private static func inheritedEnvironment() -> [String] {
        var variables: [String] = []
        var next = unsafe environ
        while let variable = unsafe next.pointee {
            let text = unsafe String(cString: variable)
            if !text.hasPrefix("SWIFT_BACKTRACE=") { variables.append(text) }
            unsafe next += 1
        }
        return variables
    }

    private static var executablePath: String {
        #if canImport(Darwin)
        var length: UInt32 = 4096
        var buffer = [CChar](repeating: 0, count: Int(length))
        return unsafe _NSGetExecutablePath(&buffer, &length) == 0 ? String(cString: buffer) : CommandLine.arguments[0]
        #else
        return "/proc/self/exe"
        #endif
    }
}

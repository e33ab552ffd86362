import Synchronization

/// A child process with a pipe from its standard output and, unless it shares the input of this process, one to its
/// standard input. The owner of a value closes both descriptors and waits for the process once.
package struct SpawnedProcess: Sendable {
    /// A system call that failed.
    package struct Failure: Error {
        /// What was attempted, as in "run".
        package let action: String
        /// With what, as in "/bin/true".
        package let object: String
        /// The error number.
        package let code: Int32
        package var reason: String { unsafe String(cString: strerror(code)) }
    }

    package struct Options: OptionSet, Sendable {
        package let rawValue: Int
        /// The child reads the standard input of this process.
        package static let sharesInput = Options(rawValue: 1)
        /// What the child writes to its standard error is discarded.
        package static let discardsErrors = Options(rawValue: 2)
        /// The child and its children form a process group, so that a signal reaches all of them.
        package static let leadsGroup = Options(rawValue: 4)

        package init(rawValue: Int) { self.rawValue = rawValue }
    }

    package let id: pid_t
    /// Written by this process; nil if the child shares the input of this process.
    package let input: Int32?
    /// Read by this process. It ends when the child, and every process that inherited its output, has ended.
    package let output: Int32

    /// Held while there are pipes that a concurrently started child would inherit.
    private static let starting = Mutex(())

    /// Starts the program at `path`.
    ///
    /// - Parameters:
    ///   - arguments: the first one is the name of the program.
    ///   - environment: the variables, each as `NAME=value`; nil for those of this process.
    package init(
        _ path: String, _ arguments: [String], environment: [String]? = nil, _ options: Options = []
    ) throws(Failure) {
        self = try Self.starting.withLock { _ throws(Failure) in
            let output = try Self.makePipe()
            let input = options.contains(.sharesInput) ? nil : try Self.makePipe()
            defer {
                close(output.writing)
                if let input { close(input.reading) }
            }
            do throws(Failure) {
                let id = try Self.spawn(path, arguments, environment, options, input?.reading, output.writing)
                return SpawnedProcess(id: id, input: input?.writing, output: output.reading)
            } catch {
                close(output.reading)
                if let input { close(input.writing) }
                throw error
            }
        }
    }

    private init(id: pid_t, input: Int32?, output: Int32) {
        self.id = id
        self.input = input
        self.output = output
    }

    /// Waits until the process ends. Called once, because the number may be used by another process afterwards.
    ///
    /// - Returns: the wait status: an exit code times 256, or a signal.
    package func wait() throws(Failure) -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(id, &status, 0) < 0 {
            if errno != EINTR { throw Failure(action: "wait for", object: "process \(id)", code: errno) }
        }
        return status
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String]?, _ options: Options, _ input: Int32?,
        _ output: Int32
    ) throws(Failure) -> pid_t {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        if let input { unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        if options.contains(.discardsErrors) {
            unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        if options.contains(.leadsGroup) {
            unsafe posix_spawnattr_setpgroup(&attributes, 0)
            unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        }
        var arguments = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var variables = unsafe (environment ?? []).map { unsafe strdup($0) } + [nil]
        defer {
            unsafe arguments.forEach { unsafe free($0) }
            unsafe variables.forEach { unsafe free($0) }
        }
        var id: pid_t = 0
        let code =
            environment == nil
            ? unsafe posix_spawn(&id, path, &actions, &attributes, &arguments, environ)
            : unsafe posix_spawn(&id, path, &actions, &attributes, &arguments, &variables)
        if code != 0 { throw Failure(action: "run", object: path, code: code) }
        return id
    }

    private static func makePipe() throws(Failure) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw Failure(action: "make", object: "a pipe", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

#if Command
import KVDSSystem

/// Another process of this program, with pipes to its standard input and output. Used by one task.
final class ChildProcess {
    private let process: SpawnedProcess
    private var hasEnded = false

    var id: pid_t { process.id }
    private var input: Int32 { process.input ?? -1 }
    private var output: Int32 { process.output }

    /// The result of reading the child's output.
    enum Output {
        case bytes([UInt8])
        case nothingYet
        /// The process and all its children have closed the pipe.
        case end
    }

    init(arguments: [String]) throws {
        #if canImport(Darwin)
        let path = CommandLine.arguments[0]
        #else
        let path = "/proc/self/exe"
        #endif
        do throws(SpawnedProcess.Failure) {
            process = try SpawnedProcess(path, [CommandLine.arguments[0]] + arguments)
        } catch {
            throw BrokenPromise("a child process did not start: \(error.reason)")
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
        let status = (try? process.wait()) ?? 0
        hasEnded = true
        return (status & 0x7F == SIGKILL, status >> 8 & 0xFF)
    }
}
#endif

import Foundation
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// This program once more, with one case after the other to try: it may crash or hang without taking the run with it.
final class CaseProcess: Sendable {
    private let number: pid_t
    private let input: Int32
    private let lines: AsyncStream<String>
    private let isLate = Atomic<Bool>(false)

    /// - Parameter arguments: a subcommand, and what belongs to it.
    init(_ arguments: [String]) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let (childInput, input) = try CaseProcess.makePipe()
        let (output, childOutput) = try CaseProcess.makePipe()
        unsafe posix_spawn_file_actions_adddup2(&actions, childInput, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, childOutput, 1)
        // A crash is told by the parent; the backtrace would take longer than the case.
        _ = unsafe setenv("SWIFT_BACKTRACE", "enable=no", 1)
        let program = CommandLine.arguments[0]
        var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var number: pid_t = 0
        let code = unsafe posix_spawnp(&number, program, &actions, nil, &words, environ)
        close(childInput)
        close(childOutput)
        guard code == 0 else {
            close(input)
            close(output)
            throw BrokenPromise("\(program) could not be started: error \(code).")
        }
        self.number = number
        self.input = input
        lines = CaseProcess.lines(from: output)
    }

    deinit {
        close(input)
        _ = kill(number, SIGKILL)
        waitpid(number, nil, 0)
    }

    /// Whether it was killed because it said nothing for too long.
    var hasHung: Bool { isLate.load(ordering: .acquiring) }

    func send(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(input, $0.baseAddress, $0.count) }
    }

    /// The next line; nil when the process has ended. One that says nothing for that long is killed.
    func nextLine(within limit: Duration = .seconds(60)) async -> String? {
        let watchdog = Task {
            try await Task.sleep(for: limit)
            isLate.store(true, ordering: .releasing)
            _ = kill(number, SIGKILL)
        }
        defer { watchdog.cancel() }
        var iterator = lines.makeAsyncIterator()
        return await iterator.next(isolation: nil)
    }

    private static func makePipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw BrokenPromise("There is no pipe to be had.") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// The lines that come from a descriptor, read by a thread of their own, which closes it at their end.
    private static func lines(from descriptor: Int32) -> AsyncStream<String> {
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        Thread.detachNewThread {
            var rest: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 14)
            while true {
                let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 else { break }
                rest += buffer[..<count]
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    line.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest.removeFirst(end + 1)
                }
            }
            close(descriptor)
            line.finish()
        }
        return lines
    }
}

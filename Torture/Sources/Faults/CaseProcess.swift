#if Command
import KVDSSystem

/// Another process of this program that tries cases one after the other. It may crash or hang without ending the run.
final class CaseProcess {
    private let process: ChildProcess
    private var rest: ArraySlice<UInt8> = []
    /// What its threads were doing when it was killed for being silent too long; nil otherwise.
    private(set) var hang: String?

    /// - Parameter arguments: a subcommand and its arguments.
    init(_ arguments: [String]) throws {
        // The parent reports the crash; a backtrace would take longer than the case.
        _ = unsafe setenv("SWIFT_BACKTRACE", "enable=no", 1)
        process = try ChildProcess(arguments: arguments)
    }

    func send(_ line: String) { process.send("\(line)\n".utf8) }

    /// Returns the next line, or nil if the process has ended. Kills a process that is silent for `limit`.
    func nextLine(within limit: Duration = .seconds(60)) -> String? {
        let deadline = ContinuousClock.now + limit
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                defer { rest = rest[(end + 1)...] }
                return String(decoding: rest[..<end], as: UTF8.self)
            }
            switch process.nextOutput(within: max(deadline - .now, .zero)) {
            case .bytes(let bytes): rest += bytes
            case .end: return nil
            case .nothingYet where .now >= deadline:
                hang = process.threads
                process.end()
                return nil
            case .nothingYet: break
            }
        }
    }
}
#endif

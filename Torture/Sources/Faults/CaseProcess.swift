#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// This program once more, with one case after the other to try: it may crash or hang without taking the run with it.
final class CaseProcess {
    private let process: ChildProcess
    private var rest: ArraySlice<UInt8> = []
    /// What its threads were at when it was killed because it said nothing for too long; nil when it was not.
    private(set) var hang: String?

    /// - Parameter arguments: a subcommand, and what belongs to it.
    init(_ arguments: [String]) throws {
        // A crash is told by the parent; the backtrace would take longer than the case.
        _ = unsafe setenv("SWIFT_BACKTRACE", "enable=no", 1)
        process = try ChildProcess(arguments: arguments)
    }

    func send(_ line: String) { process.send("\(line)\n".utf8) }

    /// The next line; nil when the process has ended. One that says nothing for that long is killed.
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

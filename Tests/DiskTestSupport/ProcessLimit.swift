import Foundation
import KVDS

/// Ends child processes that run for too long, with all that they have started, and prints where each of them stood.
///
/// The time limit of a test cannot do that. It cancels a task; a task that waits for a child in a system call does not
/// notice, and the child lives on.
public final class ProcessLimit: Sendable {
    /// Less than the five minutes of most suites. A suite with a shorter limit ends its tests sooner, and its children here.
    public static let standard = Duration.seconds(240)

    private enum State {
        case watching
        case ended
        case killed
    }

    private let process: pid_t
    private let state = Monitor(State.watching)

    /// Watches `process` until ``stop()``.
    ///
    /// - Parameters:
    ///   - process: the number of a child of this process.
    ///   - limit: how long it may run.
    public init(of process: Int32, limit: Duration = standard) {
        self.process = process
        Thread.detachNewThread { [self] in
            let hasEnded = state.wait(limit) { $0 == .ended ? () : nil } != nil
            if !hasEnded { killIfRunning(after: limit) }
        }
    }

    /// Stops watching. Called before the process is reaped, so that its number is not that of another one.
    public func stop() { end(.ended) }

    /// - Returns: whether nobody else has ended the watch before.
    @discardableResult
    private func end(_ next: State) -> Bool {
        let isFirst = state.withLock { state in
            defer { if state == .watching { state = next } }
            return state == .watching
        }
        state.wakeAll()
        return isFirst
    }

    private func killIfRunning(after limit: Duration) {
        guard state.withLock({ $0 == .watching }) else { return }
        let family = ProcessFamily(of: process)
        note("process \(process) has run for \(limit): it is killed, with \(family.members.count - 1) that it started")
        for member in family.members { note(ProcessFamily.stacks(of: member)) }
        // It may have ended meanwhile, and its number may be that of another process now; and it may have started more.
        if end(.killed) { ProcessFamily(of: process).kill() }
    }

    private func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}

/// A process and all that descend from it.
struct ProcessFamily {
    /// The process itself is the first.
    let members: [pid_t]

    init(of ancestor: pid_t) {
        var members = [ancestor]
        var rest = ProcessFamily.parents()
        var index = 0
        while index < members.count {
            let parent = members[index]
            members += rest.filter { $0.value == parent }.keys.sorted()
            rest = rest.filter { $0.value != parent }
            index += 1
        }
        self.members = members
    }

    func kill() { for member in members { _ = Foundation.kill(member, SIGKILL) } }

    /// The parent of each process.
    private static func parents() -> [pid_t: pid_t] {
        let text = (try? Tool.run("ps", ["-A", "-o", "pid=,ppid="])) ?? ""
        let pairs = text.split(separator: "\n").compactMap { line -> (pid_t, pid_t)? in
            let numbers = line.split(separator: " ").compactMap { pid_t($0) }
            return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Where the threads of a process stand, as far as a debugger can tell.
    static func stacks(of process: pid_t) -> String {
        let debugger = ["gdb", "-p", "\(process)", "-batch", "-nx", "-ex", "thread apply all backtrace 30"]
        let text = try? Tool.run("timeout", ["-s", "KILL", "60"] + debugger, anyStatus: true)
        return "stacks of process \(process):\n\(text ?? "no debugger is installed")"
    }
}

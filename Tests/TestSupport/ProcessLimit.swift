import Foundation
import KVDS

/// Kills child processes that run too long, with all their descendants, and prints the stacks of their threads.
///
/// A test's time limit cannot do that. It cancels a task, but a task that waits for a child in a system call does not
/// notice, and the child continues to run.
public final class ProcessLimit: Sendable {
    /// Less than the five minutes of most suites. A suite with a shorter limit ends its tests earlier and its children
    /// here.
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

    /// Stops watching. Call this before the process is reaped, because its number may be reused afterwards.
    public func stop() { end(.ended) }

    /// - Returns: whether the watch was not yet ended.
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
        // The process may have ended in the meantime, and its number may be reused. It may also have started more
        // processes.
        if end(.killed) { ProcessFamily(of: process).kill() }
    }

    private func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}

/// A process and all its descendants.
struct ProcessFamily {
    /// The process itself comes first.
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

    /// Returns the parent of each process.
    private static func parents() -> [pid_t: pid_t] {
        let text = (try? Tool.run("ps", ["-A", "-o", "pid=,ppid="])) ?? ""
        let pairs = text.split(separator: "\n").compactMap { line -> (pid_t, pid_t)? in
            let numbers = line.split(separator: " ").compactMap { pid_t($0) }
            return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Returns the stacks of a process's threads, if a debugger can read them.
    static func stacks(of process: pid_t) -> String {
        let debugger = ["gdb", "-p", "\(process)", "-batch", "-nx", "-ex", "thread apply all backtrace 30"]
        let text = try? Tool.run("timeout", ["-s", "KILL", "60"] + debugger, anyStatus: true)
        return "stacks of process \(process):\n\(text ?? "no debugger is installed")"
    }
}

import KVDSSystem
import Synchronization

/// Handles signals for commands that must clean up when they are interrupted.
enum Interruption {
    /// The received signal, or 0. A signal handler can do little more than store it.
    private static let received = Atomic<Int32>(0)

    /// Runs `body` in a task that is cancelled by Ctrl-C or by a request to terminate.
    ///
    /// When `body` has ended, the process ends as the signal would have ended it. A second signal of the same kind ends
    /// it immediately.
    static func cancelling(_ body: @escaping @Sendable () async throws -> Void) async throws {
        for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) {
            _ = signal(number) { number in
                Interruption.received.store(number, ordering: .relaxed)
                _ = signal(number, SIG_DFL)
            }
        }
        let task = Task { try await body() }
        let watch = Task {
            while received.load(ordering: .relaxed) == 0 { try await Task.sleep(for: .milliseconds(50)) }
            task.cancel()
        }
        let result = await task.result
        watch.cancel()
        let number = received.load(ordering: .relaxed)
        if number != 0 { end(by: number) }
        try result.get()
    }

    /// Ends the process with a signal whose default action is restored.
    private static func end(by number: Int32) {
        // The threads that run tasks block signals.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, number)
        unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        _ = raise(number)
    }

    /// Whether the parent process made this one ignore the signal, as nohup does.
    private static func isIgnored(_ number: Int32) -> Bool {
        let previous = signal(number, SIG_IGN)
        _ = signal(number, previous)
        return unsafe unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// For commands that have something to clear away when they are interrupted.
enum Interruption {
    /// The signal that came, or 0. A handler can do little more than to note it.
    private static let received = Atomic<Int32>(0)

    /// Runs `body` in a task that Ctrl-C, or a request to terminate, cancels.
    ///
    /// When `body` has ended, the process ends as the signal would have ended it. The same signal ends it at once when it comes again.
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

    /// Ends the process by a signal that has its default effect again.
    private static func end(by number: Int32) {
        // The threads that tasks run on block signals.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, number)
        unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        _ = raise(number)
    }

    /// Whether whoever started us has us ignore the signal, as nohup does.
    private static func isIgnored(_ number: Int32) -> Bool {
        let previous = signal(number, SIG_IGN)
        _ = signal(number, previous)
        return unsafe unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

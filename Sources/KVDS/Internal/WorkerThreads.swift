import KVDSSystem

/// Threads for work that blocks: the commit thread of a store (a single one, so that jobs run in order and always on
/// the same thread), and a few shared threads for reads that are not cached.
///
/// Switching to such a thread and back costs some microseconds, so work that does not block must not run there.
///
/// Each idle thread sleeps on a bell of its own. A condition variable that several threads wait for may lose a wake-up:
/// that of glibc before version 2.41 does, rarely (glibc bug 25847).
package final class WorkerThreads: Sendable {
    package typealias Job = @Sendable () -> Void
    private typealias Bell = Monitor<Bool>

    private struct State {
        var jobs: [Job] = []
        var isStopped = false
        /// The bells of the sleeping threads.
        var sleepers: [Bell] = []
    }

    /// Shared by all stores for reads that must wait for a disk.
    private static let shared: Result<WorkerThreads, StoreError> = {
        do throws(StoreError) { return .success(try WorkerThreads(count: 4)) } catch { return .failure(error) }
    }()

    /// The threads that all stores share for reads.
    ///
    /// - Throws: `.busy` when the system could not start them.
    static func blockingIO() throws(StoreError) -> WorkerThreads { try shared.get() }

    /// How long an idle thread polls before it sleeps. Waking a thread costs tens of microseconds. A writer that awaits
    /// each commit submits the next one sooner than this after the result.
    private static let spinLimit = Duration.microseconds(100)

    private let state = Monitor(State())

    /// Starts the threads. Each runs until ``stop()``.
    ///
    /// - Parameter spinsBeforeParking: whether an idle thread polls for more jobs before it sleeps.
    /// - Throws: `.busy` when the system cannot start a thread.
    package init(count: Int = 1, spinsBeforeParking: Bool = false) throws(StoreError) {
        let state = state
        let started = (0..<count).map { _ in startThread { WorkerThreads.run(state, spinsBeforeParking) } }
        if !started.contains(true) {
            throw StoreError(.busy, "The system has no more threads; end some, or raise its limit.")
        }
    }

    deinit { stop() }

    /// Runs `job` after all jobs submitted before it. After ``stop()`` it runs on the calling thread.
    package func submit(_ job: @escaping Job) {
        let (isQueued, bell) = state.withLock { state -> (Bool, Bell?) in
            if state.isStopped { return (false, nil) }
            state.jobs.append(job)
            return (true, state.sleepers.popLast())
        }
        if let bell { Self.ring(bell) }
        if !isQueued { job() }
    }

    /// Runs `body` on a thread of this object and awaits its result.
    func run<R: Sendable, E: Error>(_ body: @escaping @Sendable () throws(E) -> R) async throws(E) -> R {
        let result: Result<R, E> = await withCheckedContinuation { continuation in
            submit {
                do throws(E) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Ends the threads when all jobs submitted so far are done.
    package func stop() {
        let bells = state.withLock { state in
            state.isStopped = true
            defer { state.sleepers = [] }
            return state.sleepers
        }
        for bell in bells { Self.ring(bell) }
    }

    private static func ring(_ bell: Bell) {
        bell.withLock { $0 = true }
        bell.wakeOne()
    }

    private static func run(_ state: Monitor<State>, _ spinsBeforeParking: Bool) {
        let bell = Bell(false)
        var patience = AdaptiveWait()
        while true {
            var next: Job??
            if spinsBeforeParking, patience.allowsWaiting() {
                next = state.poll(for: spinLimit, nextJob)
                if next == nil { patience.wasInVain() } else { patience.paidOff() }
            }
            guard let next = next ?? state.withLock({ nextJob(&$0, orSleepUntil: bell) }) else {
                bell.wait { isRung in
                    defer { isRung = false }
                    return isRung ? () : nil
                }
                continue
            }
            guard let job = next else { return }
            job()
        }
    }

    /// As ``nextJob(_:)``. If there is none, a job or the stop will ring `bell`.
    private static func nextJob(_ state: inout State, orSleepUntil bell: Bell) -> Job?? {
        if let next = nextJob(&state) { return next }
        state.sleepers.append(bell)
        return nil
    }

    /// The next job; `.some(nil)` when no more jobs will come; nil when the thread must wait.
    private static func nextJob(_ state: inout State) -> Job?? {
        if state.jobs.isEmpty { return state.isStopped ? .some(nil) : nil }
        return .some(state.jobs.removeFirst())
    }
}

/// Starts a detached thread that runs `body`.
///
/// - Returns: false when the system cannot start a thread.
private func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    let start = unsafe Unmanaged.passRetained(ThreadStart(body: body))
    #if canImport(Darwin)
    var thread: pthread_t?
    let code = unsafe pthread_create(&thread, nil, { unsafe ThreadStart.run($0) }, start.toOpaque())
    #else
    var thread = pthread_t()
    let code = unsafe pthread_create(&thread, nil, { unsafe ThreadStart.run($0) }, start.toOpaque())
    #endif
    guard code == 0 else {
        unsafe start.release()
        return false
    }
    #if canImport(Darwin)
    if let thread { unsafe pthread_detach(thread) }
    #else
    pthread_detach(thread)
    #endif
    return true
}

/// The argument of a new thread.
private final class ThreadStart: Sendable {
    private let body: @Sendable () -> Void

    init(body: @escaping @Sendable () -> Void) { self.body = body }

    static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }
}

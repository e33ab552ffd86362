#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Threads for work that waits: a store's commit thread (one, so that jobs run in order and always on the same thread),
/// and the shared few that read what no cache holds.
///
/// A hop here and back costs some microseconds; what does not wait must not come here.
package final class WorkerThreads: Sendable {
    package typealias Job = @Sendable () -> Void

    private struct State {
        var jobs: [Job] = []
        var isStopped = false
    }

    /// Shared by every store for reads that have to wait for a disk.
    private static let readers: Result<WorkerThreads, StoreError> = {
        do throws(StoreError) { return .success(try WorkerThreads(count: 4)) } catch { return .failure(error) }
    }()

    /// Runs `body` on one of the threads that all stores share for reads, and awaits its result.
    static func blockingIO<R: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> R
    ) async throws(StoreError) -> R {
        try await readers.get().run(body)
    }

    /// To be woken costs tens of microseconds. A writer who awaits each commit is back sooner than this after its answer.
    private static let spinLimit = Duration.microseconds(100)

    private let state = Monitor(State())

    /// Starts the threads. Each runs until ``stop()``.
    ///
    /// - Parameter spinsBeforeParking: whether a thread that has nothing to do looks for more a moment longer before it sleeps.
    /// - Throws: `.busy` when the system has no thread to give.
    package init(count: Int = 1, spinsBeforeParking: Bool = false) throws(StoreError) {
        let state = state
        let started = (0..<count).map { _ in startThread { WorkerThreads.run(state, spinsBeforeParking) } }
        if !started.contains(true) {
            throw StoreError(.busy, "The system has no more threads; end some, or raise its limit.")
        }
    }

    deinit { stop() }

    /// Runs `job` after those submitted before it; once stopped, on whoever submits it.
    package func submit(_ job: @escaping Job) {
        let isQueued = state.withLock { state in
            if !state.isStopped { state.jobs.append(job) }
            return !state.isStopped
        }
        if isQueued { state.wakeOne() } else { job() }
    }

    /// Runs `body` on a thread of this object and awaits its result.
    func run<R: Sendable>(_ body: @escaping @Sendable () throws(StoreError) -> R) async throws(StoreError) -> R {
        let result: Result<R, StoreError> = await withCheckedContinuation { continuation in
            submit {
                do throws(StoreError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Lets the threads end once the jobs submitted so far are done.
    package func stop() {
        state.withLock { $0.isStopped = true }
        state.wakeAll()
    }

    private static func run(_ state: Monitor<State>, _ spinsBeforeParking: Bool) {
        var patience = AdaptiveWait()
        while true {
            var next: Job??
            if spinsBeforeParking, patience.allowsWaiting() {
                next = state.poll(for: spinLimit, nextJob)
                if next == nil { patience.wasInVain() } else { patience.paidOff() }
            }
            guard let job = next ?? state.wait(nextJob) else { return }
            job()
        }
    }

    /// The next job, nil once there will be none; nil when the thread has to wait for either.
    private static func nextJob(_ state: inout State) -> Job?? {
        if state.jobs.isEmpty { return state.isStopped ? .some(nil) : nil }
        return .some(state.jobs.removeFirst())
    }
}

/// Starts a detached thread that runs `body`.
///
/// - Returns: false when the system has no thread to give.
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

/// What a new thread is handed.
private final class ThreadStart: Sendable {
    private let body: @Sendable () -> Void

    init(body: @escaping @Sendable () -> Void) { self.body = body }

    static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }
}

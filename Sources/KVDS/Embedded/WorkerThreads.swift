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
final class WorkerThreads: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State {
        var jobs: [Job] = []
        var isStopped = false
    }

    /// Shared by every store for reads that have to wait for a disk.
    static let readers = WorkerThreads(count: 4)

    private let state = Monitor(State())
    /// Whether there is any thread. When the system had none to give, jobs run on whoever submits them.
    private let isRunning: Bool

    /// Starts the threads. Each runs until ``stop()``.
    init(count: Int = 1) {
        let state = state
        let started = (0..<count).map { _ in startThread { WorkerThreads.run(state) } }
        isRunning = started.contains(true)
    }

    deinit { stop() }

    /// Runs `job` after those submitted before it.
    func submit(_ job: @escaping Job) {
        guard isRunning else { return job() }
        state.withLock { $0.jobs.append(job) }
        state.wakeOne()
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
    func stop() {
        state.withLock { $0.isStopped = true }
        state.wakeAll()
    }

    private static func run(_ state: Monitor<State>) {
        while true {
            let job: Job? = state.wait { state -> Job?? in
                if state.jobs.isEmpty { return state.isStopped ? .some(nil) : nil }
                return .some(state.jobs.removeFirst())
            }
            guard let job else { return }
            job()
        }
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

import KVDS

/// Runs the jobs of its tasks one at a time, choosing among the ready ones by a seed, and calls a closure after a given
/// number of jobs.
///
/// A task is suspended between two of its jobs, so the closure runs at a suspension point.
final class SteppingExecutor: TaskExecutor {
    private struct State {
        var ready: [UnownedJob] = []
        var random: SplitMix64
        var isRunning = true
        var steps = 0
        /// Called once, between two jobs.
        var interruption: (@Sendable () -> Void)?
    }

    private let state: Monitor<State>
    private let thread: WorkerThreads
    private let interruptedStep: Int

    /// Creates an executor that runs nothing before ``start(_:)``.
    ///
    /// - Parameters:
    ///   - thread: where the jobs run; nothing else may run there.
    ///   - interruptedStep: the number of jobs after which to interrupt.
    init(seed: UInt64, thread: WorkerThreads, interruptedStep: Int) {
        state = Monitor(State(random: SplitMix64(seed: seed)))
        self.thread = thread
        self.interruptedStep = interruptedStep
    }

    /// Starts to run jobs, and calls `interruption` after `interruptedStep` of them.
    func start(_ interruption: @escaping @Sendable () -> Void) {
        if interruptedStep == 0 {
            interruption()
        } else {
            state.withLock { $0.interruption = interruption }
        }
        thread.submit { self.drain() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let begins = state.withLock { state in
            state.ready.append(job)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if begins { thread.submit { self.drain() } }
    }

    private func drain() {
        while let job = next() {
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            let interruption = state.withLock { state in
                state.steps += 1
                defer { if state.steps == interruptedStep { state.interruption = nil } }
                return state.steps == interruptedStep ? state.interruption : nil
            }
            interruption?()
        }
    }

    private func next() -> UnownedJob? {
        state.withLock { state in
            if state.ready.isEmpty {
                state.isRunning = false
                return nil
            }
            return state.ready.remove(at: Int(state.random.next() % UInt64(state.ready.count)))
        }
    }
}

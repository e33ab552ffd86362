import Dispatch
import KVDS

/// One thread that runs many tasks, one job at a time. It chooses randomly among the ready jobs, in an order derived
/// from a seed.
///
/// Interactions among these tasks alone are reproducible. The timing of other threads is not.
package final class SeededExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var random: SplitMix64
        var hasEnded = false
    }

    private let state: Monitor<State>

    private init(seed: UInt64) { state = Monitor(State(random: SplitMix64(seed: seed))) }

    /// Runs `body` and the child tasks of its groups.
    package static func run<R: Sendable>(seed: UInt64, _ body: @escaping @Sendable () async throws -> R) async throws
        -> R
    {
        let executor = SeededExecutor(seed: seed)
        let task = Task(executorPreference: executor) {
            defer { executor.end() }
            return try await body()
        }
        DispatchQueue(label: "seeded executor").async { executor.work() }
        return try await task.value
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        state.wakeOne()
    }

    private func work() {
        while let job = next() { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    private func next() -> UnownedJob? {
        state.wait { state -> UnownedJob?? in
            if state.jobs.isEmpty { return state.hasEnded ? .some(nil) : nil }
            let index = state.random.below(state.jobs.count)
            state.jobs.swapAt(index, state.jobs.count - 1)
            return state.jobs.removeLast()
        }
    }

    private func end() {
        state.withLock { $0.hasEnded = true }
        state.wakeAll()
    }
}

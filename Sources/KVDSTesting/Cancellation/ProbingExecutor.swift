import KVDS
import Synchronization

/// Runs tasks, and checks that no lock is held while one of them is resumed.
///
/// A thread that resumes a task must not hold a lock that a cancellation handler needs: a thread that cancels the task
/// at the same moment holds the task's own lock, so each would wait for the other. Resuming a task calls
/// ``enqueue(_:)`` on the thread that resumes it. There a probe, on another thread, must be able to take the lock.
package final class ProbingExecutor: TaskExecutor {
    private let probe: @Sendable () -> Void
    private let jobs: WorkerThreads
    private let probes: WorkerThreads
    private let patience: Duration
    private let blocked = Atomic(0)
    private let passed = Atomic(0)

    /// How many resumptions held the lock, and how many did not.
    package var counts: (blocked: Int, passed: Int) {
        (blocked.load(ordering: .sequentiallyConsistent), passed.load(ordering: .sequentiallyConsistent))
    }

    /// - Parameters:
    ///   - patience: how long the probe may take. Only a probe that finds the lock held takes so long.
    ///   - probe: takes the lock for a moment.
    package init(patience: Duration = .seconds(10), probe: @escaping @Sendable () -> Void) throws {
        self.probe = probe
        self.patience = patience
        jobs = try WorkerThreads()
        probes = try WorkerThreads()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFree = Monitor(false)
        probes.submit { [probe] in
            probe()
            isFree.withLock { $0 = true }
            isFree.wakeAll()
        }
        let isInTime = isFree.wait(patience) { $0 ? () : nil } != nil
        if isInTime {
            passed.add(1, ordering: .sequentiallyConsistent)
        } else {
            blocked.add(1, ordering: .sequentiallyConsistent)
        }
        jobs.submit { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

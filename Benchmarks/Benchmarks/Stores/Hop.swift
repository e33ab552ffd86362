import Benchmark
import Dispatch

/// Measures entering an actor and returning, the minimum cost of every call to an actor.
actor Hop {
    private var count = 0

    func enter() -> Int {
        count += 1
        return count
    }
}

/// The same for an actor with its own thread, the minimum cost of a commit that waits for a disk.
actor ThreadHop {
    nonisolated let queue: QueueExecutor
    private var count = 0

    init() { queue = QueueExecutor() }

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    func enter() -> Int {
        count += 1
        return count
    }
}

/// A serial queue as an executor.
final class QueueExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "hop")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

extension Hop {
    static func addBenchmarks() {
        var configuration = Benchmark.defaultConfiguration
        configuration.scalingFactor = .kilo
        let hop = Hop()
        Benchmark("hop into an actor and back", configuration: configuration) { benchmark in
            for _ in benchmark.scaledIterations { blackHole(await hop.enter()) }
        }
        let threadHop = ThreadHop()
        Benchmark("hop into an actor with its own queue and back", configuration: configuration) { benchmark in
            for _ in benchmark.scaledIterations { blackHole(await threadHop.enter()) }
        }
    }
}

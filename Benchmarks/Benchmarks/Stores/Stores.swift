import Benchmark
import KVDS
import KVDSLMDB
import KVDSRocksDB

/// The backends that are measured.
let backends: [Backend] = [.memory, .lmdb, .rocksDB]

/// One benchmark for each operation on each backend, with a store of 10,000 entries, and the cost of entering an actor.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = Benchmark.Configuration(
        metrics: [.wallClock, .throughput], warmupIterations: 10, maxDuration: .seconds(1), maxIterations: 1_000_000)
    Hop.addBenchmarks()
    for backend in backends {
        for operation in Operation.all {
            let workbench = Workbench(backend)
            var configuration = Benchmark.defaultConfiguration
            configuration.scalingFactor = operation.scale(on: backend)
            Benchmark("\(backend) \(operation.name)", configuration: configuration) { benchmark in
                for _ in benchmark.scaledIterations { try await operation.run(workbench) }
            } setup: {
                try await workbench.open()
            } teardown: {
                try await workbench.close()
            }
        }
    }
}

import Benchmark
import KVDS

/// The operation that a benchmark repeats.
struct Operation: Sendable {
    enum Length: Sendable {
        /// Measured a thousand at a time, so that reading the clock does not dominate.
        case short
        /// Like `short` if commits do not wait for a disk; otherwise like `long`.
        case commit
        case long
    }

    let name: String
    let length: Length
    let run: @Sendable (Workbench) async throws -> Void

    static let all = [
        Operation(name: "get", length: .short) { bench in
            blackHole(try await bench.store.get(Workbench.key(bench.next())))
        },
        Operation(name: "set", length: .commit) { bench in
            try await bench.store.set(Workbench.key(bench.next()), to: Workbench.value)
        },
        Operation(name: "compareAndSwap", length: .commit) { bench in
            let step = bench.next()
            let swapped = try await bench.store.compareAndSwap(
                "counter", expected: step == 1 ? nil : Workbench.key(step - 1), new: Workbench.key(step))
            precondition(swapped)
        },
        Operation(name: "scan of 10,000 entries", length: .long) { bench in
            var count = 0
            for try await _ in bench.store.entries(prefix: "key:") { count += 1 }
            precondition(count == Workbench.entryCount)
        },
        Operation(name: "batch of 100", length: .long) { bench in
            try await bench.store.write { batch in
                for _ in 0..<100 { batch.set(Workbench.key(bench.next()), to: Workbench.value) }
            }
        },
        Operation(name: "open and close", length: .long) { bench in
            try await bench.distributor.store("another", on: bench.backend).close()
        },
    ]
    /// The number of operations in one measurement.
    func scale(on backend: Backend) -> BenchmarkScalingFactor {
        switch length {
        case .short: .kilo
        case .commit: backend == .memory ? .kilo : .one
        case .long: .one
        }
    }
}

import Benchmark
import KVDS

/// What one benchmark repeats.
struct Operation: Sendable {
    let name: String
    /// Whether a thousand of them make one measurement, so that the clock is not what is measured.
    let isShort: Bool
    let run: @Sendable (Workbench) async throws -> Void

    static let all = [
        Operation(name: "get", isShort: true) { bench in
            blackHole(try await bench.store.get(Workbench.key(bench.next())))
        },
        Operation(name: "set", isShort: false) { bench in
            try await bench.store.set(Workbench.key(bench.next()), to: Workbench.value)
        },
        Operation(name: "compareAndSwap", isShort: false) { bench in
            let step = bench.next()
            let swapped = try await bench.store.compareAndSwap(
                "counter", expected: step == 1 ? nil : Workbench.key(step - 1), new: Workbench.key(step))
            precondition(swapped)
        },
        Operation(name: "scan of 10,000 entries", isShort: false) { bench in
            var count = 0
            for try await _ in bench.store.entries(prefix: "key:") { count += 1 }
            precondition(count == Workbench.entryCount)
        },
        Operation(name: "batch of 100", isShort: false) { bench in
            try await bench.store.write { batch in
                for _ in 0..<100 { batch.set(Workbench.key(bench.next()), to: Workbench.value) }
            }
        },
        Operation(name: "open and close", isShort: false) { bench in
            try await bench.distributor.store("another", on: bench.backend).close()
        },
    ]
}

import KVDS
import KVDSLMDB
import KVDSRocksDB
import KVDSSystem

/// A demo on real input. It indexes a directory tree into three stores at the same time and checks their guarantees.
///
/// `kvds-demo [directory to index] [directory for the stores]`
@main
struct Demo {
    static let backends: [Backend] = [.memory, .lmdb, .rocksDB]

    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        let tree = arguments.first ?? "/usr"
        let directory = arguments.dropFirst().first ?? "\(temporaryDirectory)/kvds-demo-\(getpid())"
        print("KVDS demo: indexing \(tree) into \(backends.map(\.name).joined(separator: ", ")) under \(directory)\n")
        let distributor = DistributorActor(directory: directory)
        let failure = await failure(of: distributor, tree: tree)
        await distributor.shutdown()
        if arguments.count < 2 { removeTree(directory) }
        if let failure {
            print("demo failed: \(failure)")
            exit(1)
        }
        print("\nEvery check held.")
    }

    static func failure(of distributor: DistributorActor, tree: String) async -> StoreError? {
        do throws(StoreError) {
            try await run(distributor, tree: tree)
            return nil
        } catch {
            return error
        }
    }

    static func run(_ distributor: DistributorActor, tree: String) async throws(StoreError) {
        let report = Report(columns: backends.map(\.name))
        let events = distributor.lifetimeEvents
        var count = 0
        do {
            let stores = try await open(distributor)
            count = try await Indexing(tree: tree, stores: stores).run(report)
            try await streaming(prefix: "\(tree)/include/".trimmed, stores, report)
            try await racing(stores, report)
            try await overwriting(stores, report, count: count)
        }
        // The block above has ended, so its handles are released.
        report.line("last handle released: store closed", await closings(events))
        try await reopening(distributor, report, count: count)
    }

    static func open(_ distributor: DistributorActor) async throws(StoreError) -> [StoreHandle] {
        var stores: [StoreHandle] = []
        for backend in backends { stores.append(try await distributor.store("files", on: backend)) }
        return stores
    }

    /// Waits for the three stores to be closed.
    static func closings(_ events: AsyncStream<LifetimeEvent>) async -> [String] {
        var closed: [Backend] = []
        for await event in events where event.kind == .closed {
            closed.append(event.store.backend)
            if closed.count == backends.count { break }
        }
        return backends.map { closed.contains($0) ? "yes" : "no" }
    }
}

import KVDS
import Synchronization

/// Writes every path in a directory tree to every store. The key is the path without the leading slash; the value is a
/// small JSON object with size, mode and time.
struct Indexing {
    let tree: String
    let stores: [StoreHandle]

    private static let batchCount = 1_000

    /// - Returns: the number of paths.
    func run(_ report: Report) async throws(StoreError) -> Int {
        var walk = TreeWalk(root: tree)
        var total = 0
        var spent = stores.map { _ in Duration.zero }
        while true {
            let entries = walk.next(Self.batchCount)
            if entries.isEmpty { break }
            total += entries.count
            for (index, took) in try await commit(entries).enumerated() { spent[index] += took }
        }
        try require(total > 0, "\(tree) is empty or cannot be read")
        report.line("paths indexed", stores.map { _ in "\(total)" })
        report.line("batches of \(Self.batchCount), durable", spent.map { "\($0.milliseconds) ms" })
        report.line("entries a second", spent.map { "\(Int(Double(total) / $0.seconds))" })
        return total
    }

    /// Commits one batch to all stores concurrently.
    private func commit(_ entries: [Entry]) async throws(StoreError) -> [Duration] {
        let results = await withTaskGroup(of: (Int, Result<Duration, StoreError>).self) { group in
            for (index, store) in stores.enumerated() {
                group.addTask { (index, await measure(store, entries)) }
            }
            return await group.reduce(into: [Int: Result<Duration, StoreError>]()) { $0[$1.0] = $1.1 }
        }
        var durations: [Duration] = []
        for index in stores.indices { durations.append(try results[index]?.get() ?? .zero) }
        return durations
    }

    private func measure(_ store: StoreHandle, _ entries: [Entry]) async -> Result<Duration, StoreError> {
        let start = ContinuousClock.now
        do throws(StoreError) {
            try await store.write { batch in
                for entry in entries { batch.set(entry.key, to: entry.value) }
            }
            return .success(.now - start)
        } catch {
            return .failure(error)
        }
    }
}

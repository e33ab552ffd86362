import Synchronization

/// Counts the commits, commit groups and syncs of a store.
final class CommitCounters: Sendable {
    let commits = Atomic<Int>(0)
    let groups = Atomic<Int>(0)
    let syncs = Atomic<Int>(0)

    func count(commits batches: Int, reached: Durability) {
        commits.add(batches, ordering: .relaxed)
        groups.add(1, ordering: .relaxed)
        if reached == .durable { syncs.add(1, ordering: .relaxed) }
    }
}

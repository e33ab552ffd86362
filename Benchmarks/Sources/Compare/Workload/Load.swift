import KVDS
import Synchronization

/// A load of 64 tasks that set durably without a pause, and 8 that read a random key every few milliseconds.
struct Load: Sendable {
    let store: StoreHandle
    let rows: OrderedRows

    struct Done: Sendable {
        var sets = 0
        var gets = 0

        mutating func add(_ other: Done) {
            sets += other.sets
            gets += other.gets
        }
    }

    /// Runs the load while `body` runs.
    func during<R: Sendable>(_ body: () async throws -> R) async throws -> (R, Done) {
        let isOver = Flag()
        async let done = work(until: isOver)
        let result = try await body()
        isOver.raise()
        return (result, try await done)
    }

    private func work(until isOver: Flag) async throws -> Done {
        try await withThrowingTaskGroup(of: Done.self) { group in
            for task in 0..<64 { group.addTask { try await write(UInt64(task), until: isOver) } }
            for task in 0..<8 { group.addTask { try await read(UInt64(task), until: isOver) } }
            return try await group.reduce(into: Done()) { $0.add($1) }
        }
    }

    private func write(_ seed: UInt64, until isOver: Flag) async throws -> Done {
        var random = SplitMix64(seed: seed)
        var done = Done()
        while !isOver.isRaised {
            let index = Int.random(in: 0..<rows.count, using: &random)
            try await store.set(rows.key(index), to: rows.value(index))
            done.sets += 1
        }
        return done
    }

    /// Reads are so rare that they keep neither the disk nor the processors busy, so a lag means waiting for a thread.
    private func read(_ seed: UInt64, until isOver: Flag) async throws -> Done {
        var random = SplitMix64(seed: ~seed)
        var done = Done()
        while !isOver.isRaised {
            _ = try await store.get(rows.key(Int.random(in: 0..<rows.count, using: &random)))
            done.gets += 1
            try await Task.sleep(for: .milliseconds(5))
        }
        return done
    }
}

/// A flag that many tasks poll.
private final class Flag: Sendable {
    private let value = Atomic(false)

    /// Also true in a cancelled task.
    var isRaised: Bool { value.load(ordering: .relaxed) || Task.isCancelled }
    func raise() { value.store(true, ordering: .relaxed) }
}

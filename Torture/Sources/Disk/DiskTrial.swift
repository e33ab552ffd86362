import KVDS
import KVDSTesting

/// A store on a disk that becomes full, and gets room again.
struct DiskTrial {
    let backend: TortureBackend
    let durability: TortureDurability
    let bug: PlantedBug?
    let disk: SmallDisk

    private static let valueLength = 20_000
    /// More than any of the disks holds.
    private static let mostWrites = 4_000

    private var path: String { "\(disk.path)/store" }

    func go(_ run: inout Run) async throws {
        var store = try await open()
        let (written, failure) = try await fill(store, from: 0)
        run.count("writes", written)
        try require(
            failure.advice == .freeResources || failure.advice == .outcomeUnknown,
            "A full disk is \(failure.code), advice \(failure.advice): \(failure)")
        try await check(store, written, failure)
        // Again and again. One of these may have an unknown outcome, after which the store is to be opened again, too.
        var wantsReopening = failure.advice == .outcomeUnknown
        for _ in 0..<3 {
            do {
                _ = try await write(store, written)
                // It may find room that the one before it did not; then it is there.
                try require(try await store.get(key("a", written)) != nil, "A write was acknowledged and is not there.")
            } catch let error as StoreError {
                try require(
                    [.freeResources, .reopen, .outcomeUnknown].contains(error.advice),
                    "With a full disk the next write is \(error.code): \(error)")
                if error.advice != .freeResources { wantsReopening = true }
            }
        }

        try disk.makeRoom()
        if wantsReopening {
            run.count("reopened")
            try await close(store)
            store = try await open()
        }
        try await awaitRecovery(store, written + 1)
        let (more, _) = try await fill(store, from: written + 1)
        try require(more > 0, "With room on the disk again nothing can be written.")
        run.count("writes-after", more)
        try await close(store)
        if disk.kind == .injected { FaultyIO.limitGrowth(to: nil) }
        try await checkAgain(written, more, failure)
    }

    /// RocksDB looks every five seconds whether there is room for a flush that failed.
    private func awaitRecovery(_ store: TestedStore, _ number: Int) async throws {
        guard backend == .rocksdb else { return }
        for _ in 0..<20 {
            do throws(StoreError) {
                _ = try await write(store, number)
                return
            } catch {
                if error.code != .diskFull { return }
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func open() async throws -> TestedStore { try await backend.openSmall(path, durability.durability) }

    /// Closing may find the disk full; it closes all the same.
    private func close(_ store: TestedStore) async throws {
        do throws(StoreError) { try await store.close() } catch {
            try require(error.advice != .restore, "Closing is \(error.code): \(error)")
        }
    }

    /// Writes until the disk is full.
    ///
    /// - Returns: how many batches were acknowledged, and the first error.
    private func fill(_ store: TestedStore, from first: Int) async throws -> (Int, StoreError) {
        for number in 0..<Self.mostWrites {
            do throws(StoreError) {
                _ = try await write(store, first + number)
            } catch {
                return (number, error)
            }
        }
        throw BrokenPromise("\(Self.mostWrites) batches were acknowledged, which is more than the disk holds.")
    }

    private func write(_ store: TestedStore, _ number: Int) async throws(StoreError) -> CommitResult {
        var batch = WriteBatch()
        batch.set(key("a", number), to: value(number))
        batch.set(key("b", number), to: Bytes("\(number)"))
        return try await store.commit(batch, bug)
    }

    private func key(_ prefix: String, _ number: Int) -> Bytes { Bytes("\(prefix)\(number)") }

    /// Bytes that no compression makes shorter.
    private func value(_ number: Int) -> Bytes {
        var random = SplitMix64(seed: UInt64(number))
        return Bytes((0..<Self.valueLength).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }

    /// Reads go on, and all that was acknowledged is there.
    private func check(_ store: TestedStore, _ written: Int, _ failure: StoreError) async throws {
        for number in 0..<written {
            let (a, b) = (try await store.get(key("a", number)), try await store.get(key("b", number)))
            try require(
                a == value(number) && b == Bytes("\(number)"), "Batch \(number) of \(written) is not there, or by half."
            )
        }
        let last = (try await store.get(key("a", written)), try await store.get(key("b", written)))
        try require((last.0 == nil) == (last.1 == nil), "The batch that failed is there by half.")
        try require(
            last.0 == nil || failure.advice == .outcomeUnknown, "The batch that failed is there: \(failure)")
    }

    private func checkAgain(_ written: Int, _ more: Int, _ failure: StoreError) async throws {
        let store = try await open()
        for number in Array(0..<written) + Array(written + 1..<written + 1 + more) {
            let a = try await store.get(key("a", number))
            try require(a == value(number), "Opened again, batch \(number) is not there.")
        }
        _ = try await store.verify { _ in }
        try await store.close()
    }
}

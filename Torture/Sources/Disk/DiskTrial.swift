#if Command
import KVDS
import KVDSTesting

/// A store on a disk that fills up and later gets free space.
struct DiskTrial {
    let backend: TortureBackend
    let durability: TortureDurability
    let bug: PlantedBug?
    let disk: SmallDisk

    private static let valueLength = 20_000
    /// More writes than any of the disks can hold.
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
        // Retry several times. A retry may have an unknown outcome; then the store must be reopened too.
        var wantsReopening = failure.advice == .outcomeUnknown
        for _ in 0..<3 {
            do {
                _ = try await write(store, written)
                // A later write may find space. Then it must be readable.
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

    /// Waits for RocksDB, which checks for free space every five seconds after a failed flush.
    private func awaitRecovery(_ store: any KeyValueStore, _ number: Int) async throws {
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

    private func open() async throws -> any KeyValueStore { try await backend.openSmall(path, durability.durability) }

    /// Closing may report the full disk, but closes the store anyway.
    private func close(_ store: any KeyValueStore) async throws {
        do throws(StoreError) { try await store.close() } catch {
            try require(error.advice != .restore, "Closing is \(error.code): \(error)")
        }
    }

    /// Writes until the disk is full.
    ///
    /// - Returns: the number of acknowledged batches and the first error.
    private func fill(_ store: any KeyValueStore, from first: Int) async throws -> (Int, StoreError) {
        for number in 0..<Self.mostWrites {
            do throws(StoreError) {
                _ = try await write(store, first + number)
            } catch {
                return (number, error)
            }
        }
        throw BrokenPromise("\(Self.mostWrites) batches were acknowledged, which is more than the disk holds.")
    }

    private func write(_ store: any KeyValueStore, _ number: Int) async throws(StoreError) -> CommitResult {
        var batch = WriteBatch()
        batch.set(key("a", number), to: value(number))
        batch.set(key("b", number), to: Bytes("\(number)"))
        return try await store.commit(batch, bug)
    }

    private func key(_ prefix: String, _ number: Int) -> Bytes { Bytes("\(prefix)\(number)") }

    /// Returns incompressible bytes.
    private func value(_ number: Int) -> Bytes {
        var random = SplitMix64(seed: UInt64(number))
        return Bytes((0..<Self.valueLength).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }

    /// Checks that reads still work and that all acknowledged batches are readable.
    private func check(_ store: any KeyValueStore, _ written: Int, _ failure: StoreError) async throws {
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
#endif

#if Command
import Foundation
import KVDS
import KVDSFormats
import KVDSTesting

/// The recorded workload: tasks that write during three lives of the store.
struct PowerWorkload {
    static let lives = 3

    let seed: UInt64
    let backend: TortureBackend
    let durability: TortureDurability
    let bug: PlantedBug?

    /// LMDB's guarantee for buffered commits depends on concurrent commits, so only one task writes buffered.
    var tasks: Int { durability == .durable ? 3 : 1 }
    private var batchesOfALife: Int { durability == .durable ? 8 : 24 }

    /// The path of a store's backup.
    static func copy(of path: String) -> String { "\(path).copy" }

    /// The path of a store's export.
    static func export(of path: String) -> String { "\(path).tsv" }

    /// Runs the workload in the directory at `path`, and marks what begins and what is acknowledged. A backup and an
    /// export are made in the second life.
    func run(_ path: String) async throws {
        try leaveDirectories(path)
        for life in 0..<Self.lives {
            let store = try await backend.openSmall(path, durability.durability)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<tasks {
                    group.addTask {
                        for number in life * batchesOfALife..<(life + 1) * batchesOfALife {
                            let batch = batch(task, number)
                            let isDurable = (batch.durability ?? durability.durability) == .durable
                            FaultyIO.mark(PowerMark(.began, task, number, isDurable).rawValue)
                            let result = try await store.commit(batch, bug)
                            let revision = result.revision?.rawValue ?? 0
                            FaultyIO.mark(PowerMark(.acknowledged, task, number, isDurable, revision).rawValue)
                        }
                    }
                }
                try await group.waitForAll()
            }
            if life == 1 {
                try await backUp(store, to: Self.copy(of: path))
                try await export(store, to: Self.export(of: path))
            }
            try await store.close()
        }
    }

    /// Makes the parent of the store's directory, or that directory too, like a process that dies before it has synced
    /// the name of the last directory it made.
    private func leaveDirectories(_ path: String) throws {
        let store = URL(fileURLWithPath: path)
        let parent = store.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: false)
        if seed % 2 == 1 { return }
        try FileHandle(forReadingFrom: parent.deletingLastPathComponent()).synchronize()
        try FileManager.default.createDirectory(at: store, withIntermediateDirectories: false)
    }

    private func backUp(_ store: any KeyValueStore, to path: String) async throws {
        let revision = try await store.statistics().engine.revision.rawValue
        try await store.backup(to: path) { _ in }
        FaultyIO.mark(PowerMark(.backedUp, 0, 0, true, revision).rawValue)
    }

    /// Exports the store like `kvds export`.
    private func export(_ store: any KeyValueStore, to path: String) async throws {
        let revision = try await store.statistics().engine.revision.rawValue
        let rows = try Self.rows(await store.list())
        try await Descriptor.replacingFile(at: path) { try $0.write(rows) }
        FaultyIO.mark(PowerMark(.exported, 0, 0, true, revision).rawValue)
    }

    /// Returns the contents of an export of `entries`.
    static func rows(_ entries: [Entry]) throws -> [UInt8] {
        var rows: [UInt8] = []
        for entry in entries { try RowEncoder(style: .format(.tsv)).append(entry, to: &rows) }
        return rows
    }

    /// Returns the batch that a task commits as its `number`th. It always changes at least two keys.
    func batch(_ task: Int, _ number: Int) -> WriteBatch {
        var random = SplitMix64(seed: seed ^ UInt64(task * 1_000 + number + 1) &* 0x9E37_79B9)
        var batch = WriteBatch()
        batch.set(Bytes("\(task)/first"), to: Bytes("\(number)"))
        for _ in 0..<random.below(6) {
            let key = Bytes("\(task)/\(random.below(40))")
            switch random.below(8) {
            case 0: batch.delete(key)
            case 1: batch.delete(in: .prefix(Bytes("\(task)/\(random.below(4))")))
            default:
                let length = random.oneIn(4) ? random.below(9_000) : random.below(200)
                batch.set(key, to: Bytes(repeating: UInt8(number & 255), count: length))
            }
        }
        batch.set(Bytes("\(task)/last"), to: Bytes("\(number)"))
        if durability == .buffered, random.oneIn(5) { batch.durability = .durable }
        return batch
    }
}
#endif

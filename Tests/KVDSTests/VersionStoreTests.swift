import KVDSTesting
import Synchronization
import Testing

@testable import KVDS

/// The block of a large value is freed with the last node that refers to it, which shows when nodes are freed.
@Suite("VersionStore")
struct VersionStoreTests {
    private struct Block {
        weak var storage: ByteStorage?
    }

    /// Calls `read` again and again in three tasks, and `write` in another one until there have been at least `steps`
    /// writes and 30 reads.
    private static func run(
        steps: Int, read: @escaping @Sendable (_ task: Int, _ round: Int) async throws -> Void,
        write: @escaping @Sendable (_ step: Int) throws -> Void
    ) async throws {
        final class Progress: Sendable {
            let reads = Atomic(0)
            let isDone = Atomic(false)
        }
        let progress = Progress()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for task in 0..<3 {
                tasks.addTask {
                    var round = 0
                    while !progress.isDone.load(ordering: .acquiring) {
                        try await read(task, round)
                        round += 1
                        progress.reads.add(1, ordering: .relaxed)
                        await Task.yield()
                    }
                }
            }
            tasks.addTask {
                defer { progress.isDone.store(true, ordering: .releasing) }
                var step = 0
                while step < steps || progress.reads.load(ordering: .relaxed) < 30 {
                    step += 1
                    try write(step)
                    await Task.yield()
                }
            }
            try await tasks.waitForAll()
        }
    }

    /// Sets `key` to a value whose block can be observed.
    private static func set(_ key: Bytes, in engine: MemoryEngine) throws -> Block {
        let value = Bytes(Array(repeating: 1, count: 5_000))
        try engine.write { $0.set(key, to: value) }
        return Block(storage: value.storage)
    }

    @Test("a replaced or deleted value is freed at once if nothing reads it")
    func freeing() throws {
        let engine = MemoryEngine()
        let first = try Self.set("a", in: engine)
        #expect(first.storage != nil)
        let second = try Self.set("a", in: engine)
        #expect(first.storage == nil && second.storage != nil)
        try engine.write { $0.delete("a") }
        #expect(second.storage == nil)
        let third = try Self.set("b", in: engine)
        try engine.close()
        #expect(third.storage == nil)
    }

    @Test("a dropped memory engine frees its values")
    func dropping() throws {
        var engine: MemoryEngine? = MemoryEngine()
        let block = try Self.set("a", in: #require(engine))
        engine = nil
        #expect(block.storage == nil)
    }

    @Test("a node lives as long as a snapshot of one of its versions, in any order of release", arguments: 0..<24)
    func snapshots(order: Int) throws {
        let engine = MemoryEngine()
        var blocks: [Block] = []
        var snapshots: [MemorySnapshot?] = []
        // Snapshot `n` has version `n` of "a"; "kept" has one value throughout.
        let kept = try Self.set("kept", in: engine)
        for _ in 0..<4 {
            blocks.append(try Self.set("a", in: engine))
            snapshots.append(try engine.makeSnapshot())
        }
        try engine.write { $0.delete(in: .all) }
        #expect(blocks.allSatisfy { $0.storage != nil } && kept.storage != nil)
        var left = [0, 1, 2, 3]
        var rest = order
        while !left.isEmpty {
            let next = left.remove(at: rest % left.count)
            rest /= left.count + 1
            snapshots[next] = nil
            for index in 0..<4 { #expect((blocks[index].storage != nil) == left.contains(index)) }
            #expect((kept.storage != nil) == !left.isEmpty)
        }
    }

    @Test("a version stays until the last of its snapshots is released")
    func sameVersion() throws {
        let engine = MemoryEngine()
        let block = try Self.set("a", in: engine)
        var snapshots = [try engine.makeSnapshot(), try engine.makeSnapshot()]
        try engine.write { $0.delete("a") }
        snapshots.removeLast()
        #expect(block.storage != nil)
        #expect(try snapshots[0].entries().count == 1)
        snapshots.removeLast()
        #expect(block.storage == nil)
    }

    @Test("a snapshot does not keep later versions alive")
    func later() throws {
        let engine = MemoryEngine()
        let old = try Self.set("a", in: engine)
        let snapshot = try engine.makeSnapshot()
        let middle = try Self.set("a", in: engine)
        _ = try Self.set("a", in: engine)
        #expect(old.storage != nil && middle.storage == nil)
        #expect(try snapshot.entries().count == 1)
    }

    @Test("a commit of one key copies no branches, unless a snapshot shows them")
    func exchange() throws {
        let engine = MemoryEngine()
        for number in 0..<500 { try engine.write { $0.set(MemoryTreeTests.key(number), to: "old") } }
        let root = engine.versions.newest.root
        try engine.write { $0.set(MemoryTreeTests.key(7), to: "new") }
        #expect(engine.versions.newest.root == root)
        #expect(try engine[MemoryTreeTests.key(7)] == "new")

        let snapshot = try engine.makeSnapshot()
        let before = try snapshot.entries()
        try engine.write { $0.set(MemoryTreeTests.key(7), to: "newer") }
        #expect(engine.versions.newest.root != root)
        #expect(try snapshot.entries() == before)
        #expect(try engine[MemoryTreeTests.key(7)] == "newer")

        // The path was copied for the snapshot. Now another snapshot sees the copy.
        let copy = engine.versions.newest.root
        let next = try engine.makeSnapshot()
        let between = try next.entries()
        try engine.write { $0.set(MemoryTreeTests.key(7), to: "newest") }
        #expect(engine.versions.newest.root != copy)

        // The last copy is not shared, so it is changed in place.
        let last = engine.versions.newest.root
        try engine.write { $0.set(MemoryTreeTests.key(7), to: "last") }
        #expect(engine.versions.newest.root == last)
        #expect(try snapshot.entries() == before && next.entries() == between)
        engine.versions.newest.expectSound()
    }

    @Test("an aborted or dropped transaction leaves nothing behind", arguments: [true, false])
    func aborting(aborts: Bool) throws {
        let engine = MemoryEngine()
        for number in 0..<500 { try engine.write { $0.set(MemoryTreeTests.key(number), to: "v") } }
        var block = Block()
        do {
            let transaction = try engine.begin()
            let value = Bytes(Array(repeating: 1, count: 5_000))
            block.storage = value.storage
            for number in 400..<900 { try transaction.set(MemoryTreeTests.key(number), to: value) }
            try transaction.delete(in: KeyRange(to: MemoryTreeTests.key(300)))
            #expect(try transaction.get(MemoryTreeTests.key(899)) == value)
            if aborts { transaction.abort() }
        }
        #expect(block.storage == nil)
        #expect(try engine.entries().map(\.key) == (0..<500).map(MemoryTreeTests.key))
        engine.versions.newest.expectSound()
    }

    @Test(
        "a value stays valid while it is read, even if it is replaced and its store is closed", arguments: [30, 5_000])
    func looking(length: Int) throws {
        let engine = MemoryEngine()
        let value = Bytes(Array(repeating: 7, count: length))
        try engine.write { $0.set("key", to: value) }
        var seen: Bytes?
        let isThere = try engine.read("key", mayBlock: false) { bytes in
            #expect(throws: Never.self) {
                try engine.write { $0.delete("key") }
                for number in 0..<200 { try engine.write { $0.set(MemoryTreeTests.key(number), to: "v") } }
                try engine.close()
            }
            seen = Bytes(copying: bytes)
        }
        #expect(isThere && seen == value)
    }

    @Test("a deleted value is freed when its last reader has finished")
    func lookedAt() throws {
        let engine = MemoryEngine()
        let block = try Self.set("key", in: engine)
        _ = try engine.read("key", mayBlock: false) { _ in
            #expect(throws: Never.self) { try engine.write { $0.delete("key") } }
            #expect(block.storage != nil)
        }
        #expect(block.storage == nil)
    }

    @Test("during commits every get returns a whole value and every snapshot a whole commit")
    func atOnce() async throws {
        let engine = MemoryEngine()
        let keys = (0..<40).map(MemoryTreeTests.key)
        // Each commit sets all keys to the same value, with varying length.
        @Sendable func write(_ step: Int) throws {
            let value = Bytes(Array(repeating: UInt8(step & 0xFF), count: 16 + step % 7 * 300))
            try engine.write { batch in for key in keys { batch.set(key, to: value) } }
        }
        try write(0)
        try await Self.run(steps: 300) { task, _ in
            for key in keys {
                let value = try #require(try engine[key])
                if value != Bytes(Array(repeating: value[0], count: value.count)) { Issue.record("a value in pieces") }
            }
            if task == 0 {
                let entries = try engine.entries()
                #expect(entries.count == keys.count && Set(entries.map(\.value)).count == 1)
            }
        } write: { step in
            try write(step)
        }
        engine.versions.newest.expectSound()
        #expect(try engine.inspect().entryCount == keys.count)
    }

    @Test("leaf swaps during reads keep every value whole and every snapshot unchanged")
    func exchangesAtOnce() async throws {
        let engine = MemoryEngine()
        let count = 3_000
        @Sendable func value(_ step: Int) -> Bytes {
            Bytes(Array(repeating: UInt8(step & 0xFF), count: 16 + step % 7 * 300))
        }
        try engine.write { batch in for number in 0..<count { batch.set(MemoryTreeTests.key(number), to: value(0)) } }
        try await Self.run(steps: 3_000) { task, round in
            for index in 1...100 {
                let number = (task + (round * 100 + index) * 977) % count
                guard let seen = try engine[MemoryTreeTests.key(number)] else { continue }
                #expect(seen == Bytes(Array(repeating: seen[0], count: seen.count)))
            }
            if task == 0 {
                let snapshot = try engine.makeSnapshot()
                let entries = try snapshot.entries()
                await Task.yield()
                #expect(try snapshot.entries() == entries)
            }
        } write: { step in
            let number = step * 101 % count
            let key = MemoryTreeTests.key(number)
            if step % 100 == 0 {
                try engine.write { $0.delete(in: KeyRange(from: key, to: MemoryTreeTests.key(number + 9))) }
            } else {
                try engine.write { $0.set(key, to: value(step)) }
            }
        }
        engine.versions.newest.expectSound()
    }
}

@Suite("ReadEpochs")
struct ReadEpochsTests {
    @Test("epochs advance freely while no read is under way")
    func idle() {
        let epochs = ReadEpochs()
        for _ in 0..<5 { #expect(epochs.advance()) }
    }

    @Test("an epoch advances once during a read, and again only after the read has ended")
    func oneTurn() {
        let epochs = ReadEpochs()
        epochs.read {
            #expect(epochs.advance())
            #expect(!epochs.advance())
            // A read that begins now belongs to the other epoch and does not delay the advance.
            epochs.read { #expect(!epochs.advance()) }
        }
        #expect(epochs.advance() && epochs.advance())
    }
}

import KVDSTesting
import Synchronization
import Testing

@testable import KVDS

/// A large value's block goes with the last node that refers to it: it shows when nodes are freed.
@Suite("VersionStore")
struct VersionStoreTests {
    private struct Block {
        weak var storage: ByteStorage?
    }

    private final class Progress: Sendable {
        let reads = Atomic(0)
        let isDone = Atomic(false)
    }

    /// Sets `key` to a value whose block can be watched.
    private static func set(_ key: Bytes, in engine: MemoryEngine) throws -> Block {
        let value = Bytes(Array(repeating: 1, count: 5_000))
        try engine.write { $0.set(key, to: value) }
        return Block(storage: value.storage)
    }

    @Test("what was replaced or deleted is freed at once when nobody looks at it")
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

    @Test("an engine that is dropped frees what it holds")
    func dropping() throws {
        var engine: MemoryEngine? = MemoryEngine()
        let block = try Self.set("a", in: #require(engine))
        engine = nil
        #expect(block.storage == nil)
    }

    @Test("a node lives as long as a snapshot of one of its versions, in whatever order they go", arguments: 0..<24)
    func snapshots(order: Int) throws {
        let engine = MemoryEngine()
        var blocks: [Block] = []
        var snapshots: [MemorySnapshot?] = []
        // Snapshot `n` shows values `n` of both keys; "kept" has one value throughout.
        let kept = try Self.set("kept", in: engine)
        for _ in 0..<4 {
            blocks.append(try Self.set("a", in: engine))
            snapshots.append(try engine.makeSnapshot())
        }
        try engine.write { $0.delete(.all) }
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

    @Test("snapshots of the same version are counted")
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

    @Test("a snapshot does not keep what came after it")
    func later() throws {
        let engine = MemoryEngine()
        let old = try Self.set("a", in: engine)
        let snapshot = try engine.makeSnapshot()
        let middle = try Self.set("a", in: engine)
        _ = try Self.set("a", in: engine)
        #expect(old.storage != nil && middle.storage == nil)
        #expect(try snapshot.entries().count == 1)
    }

    @Test("a commit of one key leaves the branches as they are, except where a snapshot sees them")
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

        // The path was copied for the snapshot, and now another snapshot sees the copy.
        let copy = engine.versions.newest.root
        let next = try engine.makeSnapshot()
        let between = try next.entries()
        try engine.write { $0.set(MemoryTreeTests.key(7), to: "newest") }
        #expect(engine.versions.newest.root != copy)

        // What was copied last is nobody else's, and is changed again.
        let last = engine.versions.newest.root
        try engine.write { $0.set(MemoryTreeTests.key(7), to: "last") }
        #expect(engine.versions.newest.root == last)
        #expect(try snapshot.entries() == before && next.entries() == between)
        engine.versions.newest.expectSound()
    }

    @Test("a transaction that is aborted, or dropped, leaves nothing behind", arguments: [true, false])
    func aborting(aborts: Bool) throws {
        let engine = MemoryEngine()
        for number in 0..<500 { try engine.write { $0.set(MemoryTreeTests.key(number), to: "v") } }
        var block = Block()
        do {
            let transaction = try engine.begin()
            let value = Bytes(Array(repeating: 1, count: 5_000))
            block.storage = value.storage
            for number in 400..<900 { try transaction.set(MemoryTreeTests.key(number), to: value) }
            try transaction.delete(KeyRange(to: MemoryTreeTests.key(300)))
            #expect(try transaction.get(MemoryTreeTests.key(899)) == value)
            if aborts { transaction.abort() }
        }
        #expect(block.storage == nil)
        #expect(try engine.entries().map(\.key) == (0..<500).map(MemoryTreeTests.key))
        engine.versions.newest.expectSound()
    }

    @Test("a value that is being looked at stays, though it is replaced and its store closed", arguments: [30, 5_000])
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

    @Test("a value goes when the last who looks at it has seen enough")
    func lookedAt() throws {
        let engine = MemoryEngine()
        let block = try Self.set("key", in: engine)
        _ = try engine.read("key", mayBlock: false) { _ in
            #expect(throws: Never.self) { try engine.write { $0.delete("key") } }
            #expect(block.storage != nil)
        }
        #expect(block.storage == nil)
    }

    @Test("gets, snapshots and commits at once: every get sees a whole value, every snapshot a whole commit")
    func atOnce() async throws {
        let engine = MemoryEngine()
        let keys = (0..<40).map(MemoryTreeTests.key)
        // Every commit gives all keys one value, of another length.
        func write(_ step: Int) throws {
            let value = Bytes(Array(repeating: UInt8(step & 0xFF), count: 16 + step % 7 * 300))
            try engine.write { batch in for key in keys { batch.set(key, to: value) } }
        }
        try write(0)
        let progress = Progress()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for task in 0..<3 {
                tasks.addTask {
                    while !progress.isDone.load(ordering: .acquiring) {
                        for key in keys {
                            let value = try #require(try engine[key])
                            if value != Bytes(Array(repeating: value[0], count: value.count)) {
                                Issue.record("a value in pieces")
                            }
                        }
                        if task == 0 {
                            let entries = try engine.entries()
                            #expect(entries.count == keys.count && Set(entries.map(\.value)).count == 1)
                        }
                        progress.reads.add(1, ordering: .relaxed)
                        await Task.yield()
                    }
                }
            }
            tasks.addTask {
                defer { progress.isDone.store(true, ordering: .releasing) }
                var step = 0
                while step < 300 || progress.reads.load(ordering: .relaxed) < 30 {
                    try write(step)
                    step += 1
                    await Task.yield()
                }
            }
            try await tasks.waitForAll()
        }
        engine.versions.newest.expectSound()
        #expect(try engine.inspect().entryCount == keys.count)
    }

    @Test("leaves are exchanged under gets and snapshots: every get sees a whole value, every snapshot one moment")
    func exchangesAtOnce() async throws {
        let engine = MemoryEngine()
        let count = 3_000
        func value(_ step: Int) -> Bytes { Bytes(Array(repeating: UInt8(step & 0xFF), count: 16 + step % 7 * 300)) }
        try engine.write { batch in for number in 0..<count { batch.set(MemoryTreeTests.key(number), to: value(0)) } }
        let progress = Progress()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for task in 0..<3 {
                tasks.addTask {
                    var number = task
                    while !progress.isDone.load(ordering: .acquiring) {
                        for _ in 0..<100 {
                            number = (number + 977) % count
                            guard let seen = try engine[MemoryTreeTests.key(number)] else { continue }
                            #expect(seen == Bytes(Array(repeating: seen[0], count: seen.count)))
                        }
                        if task == 0 {
                            let snapshot = try engine.makeSnapshot()
                            let entries = try snapshot.entries()
                            await Task.yield()
                            #expect(try snapshot.entries() == entries)
                        }
                        progress.reads.add(1, ordering: .relaxed)
                        await Task.yield()
                    }
                }
            }
            tasks.addTask {
                defer { progress.isDone.store(true, ordering: .releasing) }
                var step = 0
                while step < 3_000 || progress.reads.load(ordering: .relaxed) < 30 {
                    step += 1
                    let key = MemoryTreeTests.key(step * 101 % count)
                    if step % 100 == 0 {
                        try engine.write {
                            $0.delete(KeyRange(from: key, to: MemoryTreeTests.key(step * 101 % count + 9)))
                        }
                    } else {
                        try engine.write { $0.set(key, to: value(step)) }
                    }
                    await Task.yield()
                }
            }
            try await tasks.waitForAll()
        }
        engine.versions.newest.expectSound()
    }
}

@Suite("ReadEpochs")
struct ReadEpochsTests {
    @Test("turns go on while nobody reads")
    func idle() {
        let epochs = ReadEpochs()
        for _ in 0..<5 { #expect(epochs.advance()) }
    }

    @Test("there is one turn while a read is under way, and none more until it has ended")
    func oneTurn() {
        let epochs = ReadEpochs()
        epochs.read {
            #expect(epochs.advance())
            #expect(!epochs.advance())
            // A read that begins now is on the other side, and does not hold up the turn.
            epochs.read { #expect(!epochs.advance()) }
        }
        #expect(epochs.advance() && epochs.advance())
    }
}

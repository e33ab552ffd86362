import KVDSTesting
import Testing

@testable import KVDS

@Suite("MemoryTree")
struct MemoryTreeTests {
    @Test("random sets and deletions have the same effects as on a sorted array", arguments: [1, 2, 3] as [UInt64])
    func random(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let engine = MemoryEngine()
        var model = OrderedModel()
        var snapshots: [(MemorySnapshot, OrderedModel)] = []
        for step in 0..<4_000 {
            var batch = WriteBatch()
            // Some batches write much, so that nodes of the same draft are changed again.
            for _ in 0..<(step % 50 == 0 ? 100 : 1) {
                let key = Self.key(Int(random.next() % 1_500))
                switch random.next() % 200 {
                case 0: batch.delete(in: KeyRange(from: key, to: Self.key(Int(random.next() % 1_500))))
                case 1..<60: batch.delete(key)
                default: batch.set(key, to: Self.value(step, Int(random.next() % 40) * (step % 97 == 0 ? 60 : 1)))
                }
            }
            _ = model.apply(batch)
            try engine.write(batch)
            if step % 500 == 499 {
                try engine.expect(model)
                snapshots.append((try engine.makeSnapshot(), model))
            }
            if random.next() % 700 == 0, !snapshots.isEmpty {
                let (snapshot, model) = snapshots.remove(at: Int(random.next() % UInt64(snapshots.count)))
                try snapshot.expect(model)
            }
        }
        for (snapshot, model) in snapshots { try snapshot.expect(model) }
        try engine.write { $0.delete(in: .all) }
        try engine.expect(OrderedModel())
    }

    @Test(
        "batches of range deletions and sets are seen whole in a tree of three levels",
        arguments: [1, 3] as [UInt64])
    func ranges(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        func key() -> Bytes { Self.key(Int(random.next() % 4_000)) }
        let engine = MemoryEngine()
        var model = OrderedModel()
        for step in 0..<80 {
            var batch = WriteBatch()
            if model.entries.count < 2_500 { for number in 0..<4_000 { batch.set(Self.key(number), to: "filled") } }
            _ = model.apply(batch)
            try engine.write(batch)

            batch = WriteBatch()
            batch.delete(in: random.next() % 2 == 0 ? KeyRange(to: key()) : KeyRange(from: key(), to: key()))
            for _ in 0..<random.next() % 3 { batch.set(key(), to: Self.value(step, 4)) }
            _ = model.apply(batch)
            try engine.write(batch)
            for _ in 0..<50 {
                let probe = key()
                #expect(try engine[probe] == model[probe])
            }
            if step % 20 == 0 { try engine.expect(model) }
        }
        try engine.expect(model)
    }

    @Test("a batch that deletes all but one branch and then sets a key is seen whole")
    func collapsing() throws {
        let engine = MemoryEngine()
        for number in 0..<3_000 { try engine.write { $0.set(Self.key(number), to: "old") } }
        let root = engine.versions.newest.root
        #expect(root.height == 2 && root.count == 2)
        try engine.write {
            $0.delete(in: KeyRange(to: unsafe Bytes(copying: root.key(at: 1))))
            $0.set(Self.key(2_999), to: "new")
        }
        #expect(engine.versions.newest.root.height == 1)
        #expect(try engine[Self.key(0)] == nil)
        #expect(try engine[Self.key(2_999)] == "new")
    }

    @Test("keys that are parts of each other or differ in their last byte are distinguished", arguments: 1...6)
    func similarKeys(alphabet: Int) throws {
        var random = SplitMix64(seed: UInt64(alphabet))
        let bytes = ([0, 1, 0x7F, 0x80, 0xFE, 0xFF] as [UInt8]).prefix(alphabet)
        func key() -> Bytes {
            let start = random.next() % 2 == 0 ? "a common beginning" : ""
            let rest = (0...Int(random.next() % 12)).map { _ in bytes.randomElement(using: &random) ?? 0 }
            return Bytes(Array(start.utf8) + rest)
        }
        let engine = MemoryEngine()
        var model = OrderedModel()
        for _ in 0..<1_500 {
            var batch = WriteBatch()
            if random.next() % 4 == 0 { batch.delete(key()) } else { batch.set(key(), to: Bytes("\(random.next())")) }
            _ = model.apply(batch)
            try engine.write(batch)
        }
        try engine.expect(model)
        for _ in 0..<300 {
            let range = KeyRange(from: key(), to: random.next() % 8 == 0 ? nil : key())
            let wanted = model.entries.filter { range.contains($0.key) }
            #expect(try engine.entries(in: range) == wanted)
            #expect(try engine.entries(in: range, .reverse) == wanted.reversed())
            let probe = key()
            #expect(try engine[probe] == model[probe])
        }
    }

    @Test("200,000 entries are found, scanned both ways, and deleted in ranges")
    func large() throws {
        let engine = MemoryEngine()
        let count = 200_000
        // The stride is coprime to the count, so each number occurs once, in no particular order.
        for start in stride(from: 0, to: count, by: 1_000) {
            try engine.write { batch in
                for step in start..<start + 1_000 { batch.set(Self.key(step * 77_773 % count), to: "v") }
            }
        }
        #expect(try engine.inspect().entryCount == count)
        #expect(try engine[Self.key(123_456)] == "v")
        #expect(try engine.entries().count == count)
        #expect(try engine.entries(.reverse).count == count)
        let before = try engine.makeSnapshot()
        try engine.write { $0.delete(in: KeyRange(from: Self.key(1_000), to: Self.key(199_000))) }
        engine.versions.newest.expectSound()
        #expect(try engine.entries().map(\.key) == ((0..<1_000).map(Self.key) + (199_000..<count).map(Self.key)))
        #expect(try before.entries().count == count)
        #expect(try engine.inspect().byteCount == 2_000 * (Self.key(0).count + 1))
    }

    @Test("keys of 64 KiB and values of up to a megabyte are read back unchanged")
    func largeEntries() throws {
        let engine = MemoryEngine()
        var model = OrderedModel()
        let lengths = [0, 1, 100, 1_023, 1_024, 1_025, 4_000, 100_000, 1 << 20]
        for step in 0..<300 {
            var batch = WriteBatch()
            let padding = Array(repeating: UInt8(7), count: step % 10 == 0 ? 65_000 : 10)
            let key = Bytes(Array("\(step * 77 % 300)".utf8) + padding)
            batch.set(key, to: Self.value(step, lengths[step % lengths.count]))
            if step % 7 == 6 { batch.delete(model.entries[step % model.entries.count].key) }
            _ = model.apply(batch)
            try engine.write(batch)
        }
        try engine.expect(model)
    }

    @Test("entries inserted in order fill their leaves")
    func inOrder() throws {
        let engine = MemoryEngine()
        for step in 0..<2_000 { try engine.write { $0.set(Self.key(step), to: "v") } }
        var counts: [Int] = []
        engine.versions.newest.root.forEachNode { if $0.isLeaf { counts.append($0.count) } }
        #expect(counts.dropLast().allSatisfy { $0 == MemoryDraft.maximumCount(0) })
    }

    static func key(_ number: Int) -> Bytes { Bytes("key/\(1_000_000 + number)") }

    static func value(_ seed: Int, _ length: Int) -> Bytes {
        Bytes(Array(repeating: UInt8(seed & 0xFF), count: length))
    }
}

extension MemoryEngine {
    fileprivate func entries(_ order: ScanOrder) throws -> [Entry] { try entries(in: .all, order) }
}

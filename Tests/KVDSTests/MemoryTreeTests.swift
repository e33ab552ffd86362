import KVDSTesting
import Testing

@testable import KVDS

@Suite("MemoryTree")
struct MemoryTreeTests {
    @Test("random sets and deletions do what they do to a sorted array", arguments: [1, 2, 3] as [UInt64])
    func random(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var tree = MemoryTree()
        var model = OrderedModel()
        var snapshots: [(MemoryTree, OrderedModel)] = []
        for step in 0..<4_000 {
            var batch = WriteBatch()
            let key = Self.key(Int(random.next() % 1_500))
            switch random.next() % 200 {
            case 0: batch.delete(KeyRange(from: key, to: Self.key(Int(random.next() % 1_500))))
            case 1..<60: batch.delete(key)
            default:
                batch.set(
                    key,
                    to: Bytes(
                        Array(repeating: UInt8(step & 0xFF), count: Int(random.next() % 40) * (step % 97 == 0 ? 60 : 1))
                    ))
            }
            _ = model.apply(batch)
            Self.apply(batch, to: &tree)
            if step % 500 == 499 {
                Self.expect(tree, model)
                snapshots.append((tree, model))
            }
        }
        for (tree, model) in snapshots { Self.expect(tree, model) }
        tree.delete(.all)
        Self.expect(tree, OrderedModel())
    }

    @Test("200,000 entries are found, scanned both ways, and deleted in ranges")
    func large() {
        var tree = MemoryTree()
        let count = 200_000
        // A stride that has no factor in common with the count: every number once, in no order.
        for step in 0..<count { tree.set(Self.key(step * 77_773 % count), to: "v") }
        #expect(tree.count == count)
        #expect(tree.value(of: Self.key(123_456)) == "v")
        #expect(Self.keys(tree, .forward) == count)
        #expect(Self.keys(tree, .reverse) == count)
        let before = tree
        tree.delete(KeyRange(from: Self.key(1_000), to: Self.key(199_000)))
        #expect(tree.count == 2_000)
        #expect(Self.keys(tree, .forward) == 2_000)
        #expect(Self.keys(tree, .reverse) == 2_000)
        #expect(before.count == count && before.value(of: Self.key(5_000)) == "v")
        #expect(tree.byteCount == 2_000 * (Self.key(0).count + 1))
    }

    @Test("keys that agree in their first eight bytes are told apart")
    func longPrefixes() {
        var tree = MemoryTree()
        var model = OrderedModel()
        for length in (0..<300).reversed() {
            var batch = WriteBatch()
            batch.set(Bytes("12345678" + String(repeating: "\0", count: length)), to: Bytes("\(length)"))
            batch.set(Bytes(Array(repeating: 0, count: length + 1)), to: Bytes("\(length)"))
            _ = model.apply(batch)
            Self.apply(batch, to: &tree)
        }
        Self.expect(tree, model)
    }

    private static func key(_ number: Int) -> Bytes { Bytes("key/\(1_000_000 + number)") }

    private static func apply(_ batch: WriteBatch, to tree: inout MemoryTree) {
        for mutation in batch.mutations {
            switch mutation {
            case .set(let key, let value): tree.set(key, to: value)
            case .delete(let key): tree.delete(key)
            case .deleteRange(let range): tree.delete(range)
            }
        }
    }

    private static func expect(_ tree: MemoryTree, _ model: OrderedModel) {
        #expect(tree.count == model.entries.count)
        #expect(tree.byteCount == model.entries.reduce(0) { $0 + $1.key.count + $1.value.count })
        #expect(list(tree, .forward) == model.entries)
        #expect(list(tree, .reverse) == model.entries.reversed())
        #expect(model.entries.allSatisfy { tree.value(of: $0.key) == $0.value })
    }

    private static func list(_ tree: MemoryTree, _ order: ScanOrder) -> [Entry] {
        var page = EntryPage.Builder(capacity: 1 << 24)
        let isComplete = tree.scan(.all, order, into: &page)
        #expect(isComplete)
        return page.finish().map(Array.init) ?? []
    }

    private static func keys(_ tree: MemoryTree, _ order: ScanOrder) -> Int {
        var page = EntryPage.Builder(capacity: 1 << 24)
        let isComplete = tree.scan(.all, order, into: &page)
        #expect(isComplete)
        return page.count
    }
}

import KVDSTesting
import Testing

@testable import KVDS

@Suite("MemoryTransaction")
struct MemoryTransactionTests {
    private struct Block {
        weak var storage: ByteStorage?
    }

    private static func key(_ number: Int) -> Bytes { MemoryTreeTests.key(number) }

    private static func filled() throws -> MemoryEngine {
        let engine = MemoryEngine()
        for number in 0..<500 { try engine.write { $0.set(key(number), to: "old") } }
        return engine
    }

    /// The first write of a transaction is stored separately, because it may be the only one.
    @Test("the first write of a transaction is seen by a get and by a scan")
    func ownWrites() throws {
        let engine = try Self.filled()
        let getting = try engine.begin()
        try getting.set(Self.key(7), to: "new")
        #expect(try getting.get(Self.key(7)) == "new")
        #expect(try getting.get(Self.key(8)) == "old")
        getting.abort()

        let scanning = try engine.begin()
        try scanning.set(Self.key(7), to: "new")
        let cursor = try scanning.makeCursor(in: KeyRange(from: Self.key(7), to: Self.key(9)))
        var page = EntryPage.Builder(capacity: 1 << 10)
        let isComplete = try cursor.fill(&page, mayBlock: true)
        let found = page.finish().map(Array.init) ?? []
        #expect(isComplete)
        #expect(found == [Entry(key: Self.key(7), value: "new"), Entry(key: Self.key(8), value: "old")])
        scanning.abort()
        #expect(try engine[Self.key(7)] == "old")
    }

    @Test(
        "deleting all keys frees every value, whatever was changed or aborted before",
        arguments: [1, 2] as [UInt64])
    func nothingLeft(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let engine = MemoryEngine()
        var blocks: [Block] = []
        for _ in 0..<3_000 {
            let key = Self.key(Int(random.next() % 600))
            let value = Bytes(Array(repeating: 1, count: 1_500))
            switch random.next() % 16 {
            case 0: try engine.write { $0.delete(in: KeyRange(from: key, to: Self.key(Int(random.next() % 600)))) }
            case 1..<6: try engine.write { $0.delete(key) }
            case 6, 7:
                let transaction = try engine.begin()
                try transaction.set(key, to: value)
                transaction.abort()
                blocks.append(Block(storage: value.storage))
            default:
                try engine.write { $0.set(key, to: value) }
                blocks.append(Block(storage: value.storage))
            }
        }
        #expect(blocks.contains { $0.storage != nil })
        try engine.write { $0.delete(in: .all) }
        #expect(blocks.allSatisfy { $0.storage == nil })
    }

    @Test("a value sliced from a scan's page does not keep the page")
    func slices() throws {
        let engine = MemoryEngine()
        let page = Bytes(Array(repeating: 7, count: 100_000))
        try engine.write { $0.set("a", to: page.slice(0..<2_000)) }
        let value = try #require(try engine["a"])
        #expect(value == page.slice(0..<2_000))
        #expect(value.isTrimmed)
    }
}

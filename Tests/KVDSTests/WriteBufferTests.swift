import KVDSTesting
import Testing

@testable import KVDS

@Suite("WriteBuffer")
struct WriteBufferTests {
    private static let seeds = 1...40 as ClosedRange<UInt64>

    @Test(
        "a store read through a write buffer equals the store after committing the buffer",
        arguments: seeds)
    func looksCommitted(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let base = Self.model(&random)
        var wanted = base
        var buffer = WriteBuffer()
        for _ in 0..<60 {
            _ = wanted.apply(Self.change(&buffer, &random))
            for _ in 0..<4 { try await Self.compareScan(base, buffer, wanted, &random) }
        }
        for number in 0..<Self.keyCount {
            let key = Self.key(number)
            let value: Bytes? =
                switch buffer.lookup(key) {
                case .value(let value): value
                case .deleted: nil
                case .untouched: base[key]
                }
            #expect(value == wanted[key])
        }
        var committed = base
        var batch = WriteBatch()
        batch.mutations = buffer.mutations
        #expect(committed.apply(batch) == nil)
        #expect(committed.entries == wanted.entries)
    }

    @Test(
        "a scan through a write buffer reports exactly the store's entries up to its last key",
        arguments: seeds)
    func observed(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let base = Self.model(&random)
        var buffer = WriteBuffer()
        for _ in 0..<20 {
            _ = Self.change(&buffer, &random)
            let (range, order) = (Self.range(&random), random.next() % 2 == 0 ? ScanOrder.forward : .reverse)
            let observer = Observer()
            let scan = Self.scan(base, buffer, range, order, nil, observer, pageCount: 3)
            var last: Bytes?
            for _ in 0..<random.next() % 12 {
                guard let page = try await scan.nextPage() else {
                    last = nil
                    break
                }
                #expect(page.count == 1)
                last = page.map(\.key).last
            }
            let seen = observer.seen
            var read = range
            if let last, order == .forward { read.upperBound = last.successor }
            if let last, order == .reverse { read.lowerBound = last }
            if seen.isWhole || last != nil {
                #expect(seen.upTo == last)
                #expect(seen.entries == base.entries(in: read, order: order))
            } else {
                #expect(seen.entries.isEmpty)
            }
        }
    }

    @Test("a range deletion in a write buffer discards earlier writes and keeps later ones")
    func deletionOfARange() {
        var buffer = WriteBuffer()
        buffer.set("b", to: "1")
        buffer.set("d", to: "1")
        buffer.delete(in: KeyRange(from: "a", to: "c"))
        buffer.set("a", to: "2")
        buffer.delete("bb")
        #expect(buffer.mutations == [.deleteRange(KeyRange(from: "a", to: "c")), .set("a", "2"), .set("d", "1")])
        #expect(buffer.lookup("b") == .deleted)
        #expect(buffer.lookup("c") == .untouched)
        buffer.delete("a")
        #expect(buffer.lookup("a") == .deleted)
        #expect(buffer.count == 1)
    }

    @Test("a copy of a write buffer is independent of later writes")
    func copies() {
        var buffer = WriteBuffer()
        for number in 0..<1_000 { buffer.set(Bytes("\(number)"), to: "old") }
        let copy = buffer
        for number in 0..<1_000 where number % 2 == 0 { buffer.set(Bytes("\(number)"), to: "new") }
        buffer.delete(in: .prefix("9"))
        #expect((0..<1_000).allSatisfy { copy.lookup(Bytes("\($0)")) == .value("old") })
        #expect(copy.count == 1_000)
    }

    @Test("a scan with a limit requests no more entries from the store than it can need")
    func storeLimit() {
        var buffer = WriteBuffer()
        #expect(buffer.storeLimit(for: nil) == nil)
        #expect(buffer.storeLimit(for: 3) == 3)
        buffer.delete("a")
        buffer.set("b", to: "1")
        #expect(buffer.storeLimit(for: 3) == 5)
        #expect(buffer.storeLimit(for: .max) == nil)
        buffer.delete(in: .prefix("x"))
        #expect(buffer.storeLimit(for: 3) == nil)
    }

    private static let keyCount = 40

    private static func key(_ number: Int) -> Bytes { Bytes("k\(10 + number)") }

    private static func range(_ random: inout SplitMix64) -> KeyRange {
        let bounds = [key(Int(random.next() % 40)), key(Int(random.next() % 40))]
        return switch random.next() % 5 {
        case 0: .all
        case 1: KeyRange(from: bounds[0])
        case 2: KeyRange(to: bounds[0])
        default: KeyRange(from: bounds[0], to: bounds[1])
        }
    }

    private static func model(_ random: inout SplitMix64) -> OrderedModel {
        var batch = WriteBatch()
        for number in 0..<keyCount where random.next() % 2 == 0 { batch.set(key(number), to: Bytes("base \(number)")) }
        var model = OrderedModel()
        _ = model.apply(batch)
        return model
    }

    /// Makes one random change.
    ///
    /// - Returns: the same change as a batch.
    private static func change(_ buffer: inout WriteBuffer, _ random: inout SplitMix64) -> WriteBatch {
        var batch = WriteBatch()
        let key = key(Int(random.next() % UInt64(keyCount)))
        switch random.next() % 10 {
        case 0:
            let range = range(&random)
            buffer.delete(in: range)
            batch.delete(in: range)
        case 1..<5:
            buffer.delete(key)
            batch.delete(key)
        default:
            let value = Bytes("own \(random.next() % 100)")
            buffer.set(key, to: value)
            batch.set(key, to: value)
        }
        return batch
    }

    private static func compareScan(
        _ base: OrderedModel, _ buffer: WriteBuffer, _ wanted: OrderedModel, _ random: inout SplitMix64
    ) async throws {
        let range = range(&random)
        let order = random.next() % 2 == 0 ? ScanOrder.forward : .reverse
        let limit = random.next() % 2 == 0 ? nil : Int(random.next() % 12)
        let scan = scan(base, buffer, range, order, limit, nil, pageCount: 1 + Int(random.next() % 7))
        var entries: [Entry] = []
        while let page = try await scan.nextPage() { entries += page }
        #expect(entries == wanted.entries(in: range, order: order, limit: limit))
    }

    private static func scan(
        _ base: OrderedModel, _ buffer: WriteBuffer, _ range: KeyRange, _ order: ScanOrder, _ limit: Int?,
        _ observer: Observer?, pageCount: Int
    ) -> MergedScan {
        // The store is asked for no more entries than the buffer requires.
        let entries = base.entries(in: range, order: order, limit: buffer.storeLimit(for: limit))
        return MergedScan(in: range, order: order, limit: limit) { () throws(StoreError) in
            MergedScan.Opening(base: Pages(entries, pageCount), buffer: buffer, observer: observer)
        }
    }
}

/// Returns entries in pages of a fixed length.
private final class Pages: EntryPageSource {
    private let rest: Monitor<ArraySlice<Entry>>
    private let count: Int

    init(_ entries: [Entry], _ count: Int) {
        rest = Monitor(entries[...])
        self.count = count
    }

    func nextPage() async throws(StoreError) -> EntryPage? {
        rest.withLock { rest in
            var page = EntryPage.Builder(capacity: 1 << 16, maximumCount: count)
            while let entry = rest.first, page.append(entry) { rest.removeFirst() }
            return page.finish()
        }
    }

    func end() { rest.withLock { $0 = [] } }
}

/// Records what it observes.
private final class Observer: ScanObserver {
    struct Seen {
        var entries: [Entry] = []
        var upTo: Bytes?
        var isWhole = false
    }

    private let state = Monitor(Seen())
    var seen: Seen { state.withLock { $0 } }

    func scanned(_ entries: [Entry], upTo key: Bytes?) throws(StoreError) {
        state.withLock { seen in
            seen.entries += entries
            seen.upTo = key
            seen.isWhole = key == nil
        }
    }

    func failed(_ error: StoreError) -> StoreError { error }
}

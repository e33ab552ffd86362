import KVDSTesting
import Testing

@testable import KVDS

@Suite("SortedKeyMap")
struct SortedKeyMapTests {
    @Test("thousands of random changes have the same effects as on a sorted array", arguments: [1, 2, 3] as [UInt64])
    func random(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var map = SortedKeyMap<Bytes>()
        var model = OrderedModel()
        func key() -> Bytes { Bytes(String(10_000 + random.next() % 3_000)) }
        for step in 0..<12_000 {
            var batch = WriteBatch()
            let key = key()
            switch random.next() % 100 {
            case 0 where step % 10 == 0:
                let range = KeyRange(
                    from: key, to: random.next() % 10 == 0 ? nil : Bytes(String(10_000 + step % 3_000)))
                map.removeAll(in: range)
                batch.delete(in: range)
            case 1..<20:
                map.remove(key)
                batch.delete(key)
            default:
                map.update(key, to: Bytes("\(step)"))
                batch.set(key, to: Bytes("\(step)"))
            }
            _ = model.apply(batch)
            if step % 100 == 0 { expect(map, model, &random) }
        }
        map.removeAll(in: .all)
        #expect(map.isEmpty && Array(map.elements).isEmpty)
        #expect(map.first(in: .all) == nil && map.last(in: .all) == nil)
    }

    private func expect(_ map: SortedKeyMap<Bytes>, _ model: OrderedModel, _ random: inout SplitMix64) {
        #expect(map.count == model.entries.count)
        #expect(map.elements.map { Entry(key: $0.key, value: $0.value) } == model.entries)
        for _ in 0..<40 {
            let bounds = (0..<2).map { _ in Bytes(String(10_000 + random.next() % 3_100)) }
            let range = KeyRange(from: bounds[0], to: random.next() % 5 == 0 ? nil : bounds[1])
            let wanted = model.entries(in: range)
            #expect(map.first(in: range)?.key == wanted.first?.key)
            #expect(map.last(in: range)?.key == wanted.last?.key)
            #expect(map[bounds[0]] == model[bounds[0]])
        }
    }
}

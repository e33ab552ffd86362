#if Command
import KVDS
import Testing

@testable import KVDSCommand

@Suite("The difference of two snapshots", .timeLimit(.minutes(1)))
struct DifferenceTests {
    @Test("the difference of two snapshots lists set, changed and deleted keys in order")
    func changes() async throws {
        // Several pages of equal entries.
        let same = (0..<2_000).map { (Bytes("m\(10_000 + $0)"), Bytes(String(repeating: "v", count: 100))) }
        let one = try await store(same + [("a", "1"), ("d", "1"), ("y", "1"), ("z", "1")])
        let other = try await store(same + [("c", "2"), ("d", "2"), ("x", "2")])
        #expect(
            try await difference(one, other) == [
                Change(key: "a", value: nil, previous: "1"), Change(key: "c", value: "2"),
                Change(key: "d", value: "2", previous: "1"), Change(key: "x", value: "2"),
                Change(key: "y", value: nil, previous: "1"), Change(key: "z", value: nil, previous: "1"),
            ])
        #expect(
            try await difference(other, one) == [
                Change(key: "a", value: "1"), Change(key: "c", value: nil, previous: "2"),
                Change(key: "d", value: "1", previous: "2"), Change(key: "x", value: nil, previous: "2"),
                Change(key: "y", value: "1"), Change(key: "z", value: "1"),
            ])
        #expect(try await difference(one, one).isEmpty)
    }

    private func store(_ entries: [(Bytes, Bytes)]) async throws -> MemoryStore {
        let store = MemoryStore()
        try await store.write { batch in
            for (key, value) in entries { batch.set(key, to: value) }
        }
        return store
    }

    private func difference(_ before: MemoryStore, _ after: MemoryStore) async throws -> [Change] {
        var difference = Difference(from: before, to: after, in: .all)
        var changes: [Change] = []
        while let change = try await difference.next() { changes.append(change) }
        return changes
    }
}
#endif

import KVDSTesting
import Testing

@testable import KVDS

extension MemoryEngine {
    /// Commits the batch that `fill` fills, in one transaction.
    func write(_ fill: (inout WriteBatch) -> Void) throws {
        var batch = WriteBatch()
        fill(&batch)
        try write(batch)
    }

    func write(_ batch: WriteBatch) throws {
        let transaction = try begin()
        try transaction.apply(batch)
        _ = try transaction.commit(transaction.revision.next, .volatile)
    }

    func begin() throws -> MemoryTransaction { try beginTransaction(readsOwnWrites: true, mayBlock: false) }

    subscript(key: Bytes) -> Bytes? { get throws { try get(key, mayBlock: false) } }

    /// Returns all current entries.
    func entries(in range: KeyRange = .all, _ order: ScanOrder = .forward) throws -> [Entry] {
        try makeSnapshot().entries(in: range, order)
    }

    /// Compares everything observable with a model.
    func expect(_ model: OrderedModel) throws {
        versions.newest.expectSound()
        let statistics = try inspect()
        #expect(statistics.entryCount == model.entries.count)
        #expect(statistics.byteCount == model.entries.reduce(0) { $0 + $1.key.count + $1.value.count })
        let snapshot = try makeSnapshot()
        try snapshot.expect(model)
        for entry in model.entries {
            let value = try self[entry.key]
            #expect(value == entry.value)
        }
    }
}

extension MemoryTransaction {
    func apply(_ batch: WriteBatch) throws(EngineError) {
        for mutation in batch.mutations {
            switch mutation {
            case .set(let key, let value): try set(key, to: value)
            case .delete(let key): try delete(key)
            case .deleteRange(let range): try delete(in: range)
            }
        }
    }
}

extension MemorySnapshot {
    func entries(in range: KeyRange = .all, _ order: ScanOrder = .forward) throws -> [Entry] {
        let cursor = try makeCursor(in: range, order: order)
        var entries: [Entry] = []
        var isComplete = false
        while !isComplete {
            // Small, so that a scan needs many pages.
            var page = EntryPage.Builder(capacity: 1 << 10)
            isComplete = try cursor.fill(&page, mayBlock: false)
            entries += page.finish().map(Array.init) ?? []
        }
        return entries
    }

    func expect(_ model: OrderedModel) throws {
        let forward = try entries()
        let reverse = try entries(.reverse)
        #expect(forward == model.entries)
        #expect(reverse == model.entries.reversed())
    }

    private func entries(_ order: ScanOrder) throws -> [Entry] { try entries(in: .all, order) }
}

extension MemoryTree {
    /// Checks the properties of a B+tree: all leaves have the same depth, keys are in order and within the bounds of
    /// their branches, no node is too large or empty, and the totals are right.
    func expectSound() {
        var totals = (count: 0, byteCount: 0)
        expectSound(root, from: nil, to: nil, &totals)
        #expect(totals == (count, byteCount))
        #expect(root.isLeaf || root.count > 1)
    }

    private func expectSound(
        _ node: MemoryNode, from lowerBound: Bytes?, to upperBound: Bytes?, _ totals: inout (count: Int, byteCount: Int)
    ) {
        let keys = (node.firstKeyIndex..<node.count).map { unsafe Bytes(copying: node.key(at: $0)) }
        #expect(node.version <= version)
        #expect(node.count > 0 || node == root)
        #expect(node.count <= MemoryDraft.maximumCount(node.height))
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
        #expect(keys.allSatisfy { key in lowerBound.map { $0 <= key } ?? true && upperBound.map { key < $0 } ?? true })
        if node.isLeaf {
            totals.count += node.count
            totals.byteCount += node.payload
            return
        }
        for index in 0..<node.count {
            let child = node.child(at: index)
            #expect(child.height == node.height - 1)
            expectSound(
                child, from: index == 0 ? lowerBound : keys[index - 1],
                to: index < keys.count ? keys[index] : upperBound,
                &totals)
        }
    }
}

import KVDSTesting
import Testing

@testable import KVDS

@Suite("GroupCommit")
struct GroupCommitTests {
    private static func batch(_ durability: Durability? = nil, _ fill: (inout WriteBatch) -> Void) -> WriteBatch {
        var batch = WriteBatch(durability: durability)
        fill(&batch)
        return batch
    }

    @Test("each batch of a commit group sees those before it, and accepted batches get revisions")
    func fold() throws {
        let transaction = MemoryTransaction(engine: MemoryEngine())
        let group = try GroupCommit.fold(
            [
                Self.batch { $0.set("x", to: "1") },
                Self.batch {
                    $0.require(.absent("y")); $0.require(.absent("x")); $0.set("y", to: "1")
                },
                Self.batch { $0.require(.present("x")) },
                Self.batch {
                    $0.require(.unchanged(.all, [Entry(key: "x", value: "1")])); $0.set("z", to: "1")
                },
            ], into: transaction, standard: .durable)
        let one = Revision(rawValue: 1)
        #expect(group.verdicts == [.accepted(one), .conditionFailed(index: 1), .accepted(one), .accepted(one.next)])
        #expect(group.revision == one.next && group.durability == .durable && group.changed)
        #expect(try transaction.get("y") == nil)
        #expect(try transaction.get("z") == "1")
    }

    @Test("a commit group is as durable as its most demanding batch that changes something")
    func durability() throws {
        let transaction = MemoryTransaction(engine: MemoryEngine())
        let buffered = Self.batch(.buffered) { $0.set("a", to: "1") }
        let refused = Self.batch(.durable) {
            $0.require(.absent("a")); $0.set("a", to: "2")
        }
        let judged = Self.batch(.durable) { $0.require(.present("a")) }
        let group = try GroupCommit.fold([buffered, refused, judged], into: transaction, standard: .durable)
        #expect(group.durability == .buffered)
    }

    @Test("a durable batch makes its commit group durable, wherever it is in the group")
    func durableInTheMiddle() throws {
        for wanted in [Durability.durable, nil] {
            let transaction = MemoryTransaction(engine: MemoryEngine())
            let batches = [Durability.buffered, wanted, .buffered].map { Self.batch($0) { $0.set("a", to: "1") } }
            let group = try GroupCommit.fold(batches, into: transaction, standard: .durable)
            #expect(group.durability == .durable)
        }
    }

    @Test("a commit group that changes nothing reports no change")
    func unchanged() throws {
        let transaction = MemoryTransaction(engine: MemoryEngine())
        let group = try GroupCommit.fold(
            [
                Self.batch { $0.require(.absent("a")) },
                Self.batch {
                    $0.require(.present("a")); $0.set("b", to: "1")
                },
            ],
            into: transaction, standard: .durable)
        #expect(!group.changed && group.revision == .zero)
    }

    @Test("a commit group reads its own writes only if a later batch has conditions")
    func ownWrites() {
        let plain = Self.batch { $0.set("a", to: "1") }
        let conditional = Self.batch { $0.require(.absent("a")) }
        #expect(!GroupCommit.readsOwnWrites([conditional]))
        #expect(!GroupCommit.readsOwnWrites([conditional, plain]))
        #expect(GroupCommit.readsOwnWrites([plain, conditional]))
    }

    @Test("a commit group reads its own writes for a later range deletion or for previous values")
    func ownWritesInRanges() {
        let plain = Self.batch { $0.set("a", to: "1") }
        let deletion = Self.batch { $0.delete(in: KeyRange.all) }
        let both = Self.batch {
            $0.set("a", to: "1"); $0.delete(in: KeyRange.all)
        }
        #expect(!GroupCommit.readsOwnWrites([deletion, plain]))
        #expect(GroupCommit.readsOwnWrites([plain, deletion]))
        #expect(GroupCommit.readsOwnWrites([both]))
        #expect(!GroupCommit.readsOwnWrites([plain, plain]))
        #expect(!GroupCommit.readsOwnWrites([plain], previousValues: true))
        #expect(GroupCommit.readsOwnWrites([plain, plain], previousValues: true))
    }
}

extension GroupCommit {
    fileprivate static func fold(
        _ batches: [WriteBatch], into transaction: some EngineTransaction, standard: Durability
    ) throws(EngineError) -> GroupCommit {
        var recorder: ChangeRecorder?
        return try fold(batches, into: transaction, standard: standard, recorder: &recorder)
    }
}

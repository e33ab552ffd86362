#if Command
import KVDS
import KVDSTesting

/// The workload into which faults are injected: a few operations of every kind.
struct SmallWorkload {
    enum Step {
        /// Batches that are committed concurrently; most steps have one.
        case commit([WriteBatch])
        case get([Bytes])
        case scan
        case takeSnapshot
        case readSnapshot
    }

    let steps: [Step]

    /// - Parameter other: the durability of one batch in the middle.
    init(other: Durability) {
        func batch(_ mutations: WriteBatch.Mutation..., if condition: WriteBatch.Condition? = nil) -> WriteBatch {
            var batch = WriteBatch()
            batch.mutations = mutations
            if let condition { batch.require(condition) }
            return batch
        }
        func value(_ byte: UInt8, _ count: Int) -> Bytes { Bytes(repeating: byte, count: count) }

        var different = batch(.set("other", "1"))
        different.durability = other
        steps = [
            .commit([batch(.set("a", "1"))]),
            .commit([
                batch(
                    .delete("a"), .set("b", value(1, 5_000)), .set("c", "2"), .set("row1", "x"), .set("row2", "y"),
                    .set("row3", value(2, 500)))
            ]),
            .commit([batch(.set("c", "3"), if: .equals("c", "2"))]),
            .commit([batch(.set("c", "4"), if: .equals("c", "2"))]),
            .takeSnapshot,
            .commit([batch(.set("large", value(3, 30_000)))]),
            .commit([batch(.deleteRange(.prefix("row")), .set("row4", "z"))]),
            .get(["a", "b", "c", "large", "row1"]),
            .commit((0..<3).map { batch(.set(Bytes("task\($0)"), value(4, 1_000))) }),
            .commit([different]),
            .scan,
            // Together with `large`, this exceeds RocksDB's write buffer.
            .commit([batch(.set("larger", value(5, 40_000)), .delete("b"))]),
            .readSnapshot,
            .commit([batch(.set("last", "1"), if: .absent("last"))]),
            .scan,
        ]
    }

    func batches(of step: Int) -> [WriteBatch] {
        if case .commit(let batches) = steps[step] { batches } else { [] }
    }
}
#endif

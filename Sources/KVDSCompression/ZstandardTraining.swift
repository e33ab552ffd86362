import CZstd
import KVDS
import KVDSRecords

/// Makes dictionaries from samples.
enum ZstandardTraining {
    /// The library refuses less.
    private static let leastCapacity = 256
    private static let greatestCapacity = 64 << 20

    /// - Throws: `.cannotTrain` if the samples do not suffice.
    static func dictionary(from samples: [Bytes], capacity: Int) throws(StoreError) -> Bytes {
        let capacity = min(max(capacity, leastCapacity), greatestCapacity)
        // The library reads all samples from one block.
        let block = ByteWriter(capacity: samples.reduce(0) { $0 + $1.count })
        for sample in samples { block.append(sample) }
        let sizes = samples.map(\.count)
        let dictionary = ByteWriter(capacity: capacity)
        var problem: String?
        let isTrained = unsafe dictionary.append(atMost: capacity) { target in
            block.withBytes(from: 0) { samples in
                unsafe samples.withUnsafeBytes { samples in
                    // Reads as many bytes as the sizes sum to, and writes at most `capacity`.
                    let count = unsafe ZDICT_trainFromBuffer(
                        target.baseAddress, target.count, samples.baseAddress, sizes, UInt32(clamping: sizes.count))
                    guard ZDICT_isError(count) == 0 else {
                        problem = unsafe String(cString: ZDICT_getErrorName(count))
                        return nil
                    }
                    return count
                }
            }
        }
        guard isTrained else {
            throw StoreError(
                .cannotTrain,
                "Zstandard makes no dictionary from \(sizes.count) records of \(block.count) bytes: "
                    + "\(problem ?? "it is empty"). Add records, or longer ones.")
        }
        return dictionary.bytes
    }
}

import KVDS

/// Records chosen at random while a scan passes, each with the same probability, within limits of their number and
/// their bytes.
struct RecordSamples {
    /// Longer records are cut: what they repeat, Zstandard finds in them without a dictionary.
    private static let longest = 64 << 10
    /// With fewer samples no dictionary can be made, so the limit of bytes leaves at least these.
    static let fewest = 7

    private(set) var records: [Bytes] = []
    private var limit: Int
    private let byteLimit: Int
    private var byteCount = 0
    private var seen = 0

    init(count: Int, bytes: Int) {
        limit = max(0, count)
        byteLimit = bytes
    }

    /// Offers the next record.
    ///
    /// - Parameter record: makes the record; called only if it is chosen.
    mutating func offer(_ record: () throws(StoreError) -> Bytes) throws(StoreError) {
        seen += 1
        let place = records.count < limit ? records.count : Int.random(in: 0..<seen)
        guard place < limit else { return }
        let record = try record()
        // A copy: a slice would keep its page in memory.
        let sample = record.slice(0..<min(record.count, Self.longest)).compacted()
        byteCount += sample.count
        if place < records.count {
            byteCount -= records[place].count
            records[place] = sample
        } else {
            records.append(sample)
        }
        while byteCount > byteLimit, records.count > Self.fewest {
            let dropped = Int.random(in: 0..<records.count)
            records.swapAt(dropped, records.count - 1)
            byteCount -= records.removeLast().count
            limit = records.count
        }
    }
}

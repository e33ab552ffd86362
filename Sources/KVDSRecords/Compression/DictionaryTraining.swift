/// From how many records a dictionary is made, and how large it may become.
public struct DictionaryTraining: Sendable {
    /// The greatest number of bytes of the dictionary. Default: 64 KiB; at least 256. Every program that uses the table
    /// keeps it in memory. A dictionary begins with tables of some hundred bytes, so less than 1 KiB gains nothing. A
    /// hundredth of the samples is a good size.
    public var capacity: Int
    /// The greatest number of records to learn from, chosen evenly from the whole table. Default: 10,000.
    public var sampleCount: Int
    /// The greatest number of bytes to learn from. Default: 16 MiB. Training takes about a second for each 5 MiB.
    public var sampleBytes: Int

    public init(capacity: Int = 65_536, sampleCount: Int = 10_000, sampleBytes: Int = 16 << 20) {
        self.capacity = capacity
        self.sampleCount = sampleCount
        self.sampleBytes = sampleBytes
    }
}

/// A dictionary that was made from the records of a table and is now in the catalog.
public struct TrainedDictionary: Sendable {
    /// Its version: 1 for the first dictionary of the table.
    public let version: Int
    /// Its number of bytes.
    public let byteCount: Int
    /// The number of records that it was made from.
    public let sampleCount: Int
    /// The size of some of these records, at most 1,000: plain, compressed without a dictionary, and compressed with
    /// this one. Other records of the table gain a little less.
    public let plainBytes: Int
    public let compressedBytes: Int
    public let dictionaryBytes: Int
}

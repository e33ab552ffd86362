public import KVDSRecords

extension Compression {
    /// Compresses no new record. Compressed records are read.
    ///
    /// Declare it where a table was compressed once.
    public static let none = Compression(SystemCodec(.plain, level: 0), minimumSize: 0)

    /// Compresses with LZ4: fast, in particular when reading. A text of some kilobytes becomes about half as large; one
    /// of 200 bytes hardly changes.
    ///
    /// - Parameters:
    ///   - level: up to 2 for the fast compressor; from 3 to 12 for one that takes more time for fewer bytes. Reading
    ///     takes the same time. A greater level counts as 12.
    ///   - minimumSize: records of fewer bytes are not compressed.
    public static func lz4(level: Int = 1, minimumSize: Int = 64) -> Compression {
        Compression(SystemCodec(.lz4, level: level), minimumSize: minimumSize)
    }

    /// Compresses with Zstandard. A dictionary, made by `OpenTable.trainDictionary`, makes records of a few dozen bytes
    /// smaller too.
    ///
    /// - Parameters:
    ///   - level: from 1 to 22; greater ones take more time, and most of them give fewer bytes. 0 counts as 3, and
    ///     levels below 0 are faster. A level out of the range of the library counts as the nearest one in it. With a
    ///     dictionary, small records are about a fifth larger at the levels 5 to 9 than at 3, and smaller from 15 on.
    ///   - minimumSize: records of fewer bytes are not compressed.
    public static func zstandard(level: Int = 3, minimumSize: Int = 64) -> Compression {
        Compression(SystemCodec(.zstandard, level: level), minimumSize: minimumSize)
    }
}

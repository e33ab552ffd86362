import KVDSRecords

#if Compression
import KVDSCompression
#endif

/// The compressions in this build of the command. No other part of the command depends on the trait.
enum CommandCompression {
    #if Compression
    /// Reads all compressed records.
    static let all: Compression? = Compression.none
    /// Makes dictionaries.
    static let zstandard: Compression? = .zstandard()
    #else
    static let all: Compression? = nil
    static let zstandard: Compression? = nil
    #endif
}

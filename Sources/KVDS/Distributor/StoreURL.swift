/// The URL of a store: `memory:`, `lmdb:/path`, `rocksdb:/path`.
public struct StoreURL: Hashable, Sendable, CustomStringConvertible {
    /// The part before the first colon, in lower case: the name of a backend.
    public let scheme: String
    /// The part after the colon: for a disk store the path of its directory.
    public let location: String

    /// Parses a URL.
    ///
    /// - Throws: `.invalidArgument` if there is no scheme.
    public init(_ text: String) throws(StoreError) {
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
            throw StoreError(
                .invalidArgument, "A store URL looks like lmdb:/path, rocksdb:/path or memory:, not \(text)")
        }
        scheme = text[..<colon].lowercased()
        var location = text[text.index(after: colon)...]
        // lmdb:///path is the same as lmdb:/path.
        if location.hasPrefix("//") { location = location.dropFirst(2) }
        self.location = String(location)
    }

    public var description: String { "\(scheme):\(location)" }
}

/// Where a store is: `memory:`, `lmdb:/path`, `rocksdb:/path`.
public struct StoreURL: Hashable, Sendable, CustomStringConvertible {
    /// What comes before the first colon: the name of a backend.
    public let scheme: String
    /// What comes after it: for a disk store the path of its directory.
    public let location: String

    /// - Throws: `.invalidArgument` when there is no scheme.
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

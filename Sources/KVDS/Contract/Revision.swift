/// A store's commit counter.
///
/// The first commit of a store has revision 1, each later one a greater number. Disk stores keep it across restarts.
public struct Revision: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The revision of a store that has seen no commit.
    public static let zero = Revision(rawValue: 0)

    public static func < (left: Revision, right: Revision) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
    /// The revision of the commit that follows.
    package var next: Revision { Revision(rawValue: rawValue + 1) }
}

/// How safe a commit is once it is acknowledged.
public enum Durability: Int, Hashable, Comparable, Sendable {
    /// In memory: it is gone when the store closes.
    case volatile
    /// Handed to the operating system: it survives the end of the process, not a loss of power, which can also damage an
    /// LMDB file.
    case buffered
    /// On stable storage.
    case durable

    public static func < (left: Durability, right: Durability) -> Bool { left.rawValue < right.rawValue }
}

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

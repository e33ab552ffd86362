/// The number of a commit.
///
/// The first commit of a store has revision 1, and each later commit a greater one. Disk stores keep the revision
/// across restarts. A batch without mutations makes no commit.
public struct Revision: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The revision of a store without commits.
    public static let zero = Revision(rawValue: 0)

    public static func < (left: Revision, right: Revision) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
    /// The revision of the next commit.
    package var next: Revision { Revision(rawValue: rawValue + 1) }
}

/// How safe a commit is once it is acknowledged.
public enum Durability: Int, Hashable, Comparable, Sendable {
    /// In memory: lost when the store closes.
    case volatile
    /// Handed to the operating system: survives the end of the process, but not a power failure, which can also damage
    /// an LMDB file.
    case buffered
    /// On stable storage.
    case durable

    public static func < (left: Durability, right: Durability) -> Bool { left.rawValue < right.rawValue }
}

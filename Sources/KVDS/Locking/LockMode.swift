/// How a lock is held.
enum LockMode: Hashable {
    /// Shared with other owners, for reading.
    case shared
    /// By one owner alone.
    case exclusive

    func conflicts(with other: LockMode) -> Bool { self == .exclusive || other == .exclusive }
}

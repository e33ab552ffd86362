/// How a lock is held.
enum LockMode: Hashable {
    /// With others who read.
    case shared
    /// Alone.
    case exclusive

    func conflicts(with other: LockMode) -> Bool { self == .exclusive || other == .exclusive }
}

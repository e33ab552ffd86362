/// Identifies an owner of locks. A younger owner has a greater id.
struct LockOwnerID: RawRepresentable, Hashable, Comparable, Sendable {
    let rawValue: UInt64

    static func < (left: LockOwnerID, right: LockOwnerID) -> Bool { left.rawValue < right.rawValue }
}

/// Identifies a request for a lock. Ids grow in the order of arrival.
struct LockRequestID: RawRepresentable, Hashable, Comparable, Sendable {
    let rawValue: UInt64

    /// Less than the id of every request.
    static var zero: LockRequestID { LockRequestID(rawValue: 0) }
    /// Greater than the id of every request.
    static var max: LockRequestID { LockRequestID(rawValue: .max) }

    static func < (left: LockRequestID, right: LockRequestID) -> Bool { left.rawValue < right.rawValue }
    /// The id of the next request.
    var next: LockRequestID { LockRequestID(rawValue: rawValue + 1) }
}

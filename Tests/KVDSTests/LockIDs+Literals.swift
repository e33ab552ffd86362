@testable import KVDS

// Tests write the ids of owners and requests as numbers.

extension LockOwnerID: ExpressibleByIntegerLiteral, Strideable {
    init(integerLiteral value: UInt64) { self.init(rawValue: value) }

    func distance(to other: LockOwnerID) -> Int { rawValue.distance(to: other.rawValue) }
    func advanced(by distance: Int) -> LockOwnerID { LockOwnerID(rawValue: rawValue.advanced(by: distance)) }
}

extension LockRequestID: ExpressibleByIntegerLiteral {
    init(integerLiteral value: UInt64) { self.init(rawValue: value) }
    /// The request with the number of `owner`: in many tests each owner makes one request, in order.
    init(of owner: LockOwnerID) { self.init(rawValue: owner.rawValue) }
}

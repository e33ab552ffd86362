/// The value at the key of a lease: `FENCE EXPIRY OWNER`, as text. The expiry counts microseconds since 1970. A
/// released lease has expiry 0 and no owner. The record is never deleted, so that the fencing token continues to grow.
package struct LeaseRecord: Equatable {
    package var fencingToken: UInt64
    package var expiry: Duration
    package var owner: String

    package var bytes: Bytes { Bytes("\(fencingToken) \(expiry.wholeMicroseconds) \(owner)") }

    package init(fencingToken: UInt64, expiry: Duration, owner: String) {
        self.fencingToken = fencingToken
        // Limited to the maximum of the record, which means forever.
        self.expiry = .microseconds(min(expiry, Duration.microseconds(Int64.max)).wholeMicroseconds)
        self.owner = owner
    }

    /// - Throws: `.invalidValue` when the value is not a lease.
    package init(_ value: Bytes, at key: Bytes, of store: String) throws(StoreError) {
        let parts = String(validating: value)?.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard let parts, parts.count == 3, let fence = UInt64(parts[0]), let expiry = Int64(parts[1]) else {
            throw StoreError(
                .invalidValue, "The value of the key is not a lease; use another key.",
                store: store, key: key)
        }
        self.init(fencingToken: fence, expiry: .microseconds(expiry), owner: String(parts[2]))
    }
}

extension Duration {
    /// In whole microseconds, rounded down.
    fileprivate var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

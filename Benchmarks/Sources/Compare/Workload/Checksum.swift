import KVDS
import Peers

/// A checksum of the results of reads. Both sides compute it in the same way, so that results can be compared.
struct Checksum: Equatable, Sendable {
    var count: UInt64 = 0
    var sum: UInt64 = 0

    init() {}

    init(_ found: peer_found) {
        count = found.count
        sum = found.sum
    }

    /// Adds the length and the first eight bytes of a value.
    @inline(__always)
    mutating func add(_ value: RawSpan) {
        count += 1
        sum &+= UInt64(value.byteCount)
        sum &+= value.withUnsafeBytes { bytes in
            if bytes.count >= 8 { return bytes.loadUnaligned(as: UInt64.self) }
            return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// Adds a value of a scan, and the length of its key.
    @inline(__always)
    mutating func add(_ entry: Entry) {
        add(entry.value.bytes)
        sum &+= UInt64(entry.key.count)
    }

    mutating func add(_ other: Checksum) {
        count += other.count
        sum &+= other.sum
    }
}

/// Why a snapshot or scan was ended before its holder released it.
enum RevocationReason: UInt8 {
    /// The snapshot, or the snapshot that the scan reads, was closed.
    case closed = 1
    case storeClosed
    /// It became older than the limit.
    case expired
}

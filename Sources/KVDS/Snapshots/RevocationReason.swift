/// Why a view has ended before its holder let go of it.
enum RevocationReason: UInt8 {
    /// The snapshot it belongs to, or it itself, was closed.
    case closed = 1
    case storeClosed
    /// It became too old.
    case expired
}

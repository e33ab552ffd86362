/// Checks byte by byte that text is UTF-8, after table 3-7 of the Unicode standard.
struct UTF8Scalars {
    /// How many bytes the current scalar still needs.
    private var missing = 0
    /// The range of the next byte, if the scalar needs one.
    private var allowed: ClosedRange<UInt8> = 0x80...0xBF

    /// Whether no scalar is unfinished.
    var isComplete: Bool { missing == 0 }

    /// Whether the text is still valid with `byte`.
    mutating func accept(_ byte: UInt8) -> Bool {
        if missing > 0 {
            let isAllowed = allowed.contains(byte)
            allowed = 0x80...0xBF
            missing -= 1
            return isAllowed
        }
        if byte < 0x80 { return true }
        // The second byte excludes overlong forms, surrogates and numbers above 0x10FFFF.
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, allowed) = (2, 0xA0...0xBF)
        case 0xED: (missing, allowed) = (2, 0x80...0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, allowed) = (3, 0x90...0xBF)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, allowed) = (3, 0x80...0x8F)
        default: return false
        }
        return true
    }
}

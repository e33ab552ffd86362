import CZstd

/// Frames of Zstandard are stored without their first four bytes, the magic number, which all frames have in common.
/// They take a twentieth of a small compressed record.
enum ZstandardFrame {
    static let magicNumber: InlineArray<4, UInt8> = [0x28, 0xB5, 0x2F, 0xFD]

    /// Calls `body` with a frame that was stored, and its magic number.
    static func withWhole<R>(
        _ stored: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> R
    ) -> R {
        unsafe withUnsafeTemporaryAllocation(byteCount: magicNumber.count + stored.count, alignment: 1) { whole in
            for index in magicNumber.indices { unsafe whole[index] = magicNumber[index] }
            unsafe UnsafeMutableRawBufferPointer(rebasing: whole[magicNumber.count...]).copyMemory(from: stored)
            return unsafe body(UnsafeRawBufferPointer(whole))
        }
    }
}

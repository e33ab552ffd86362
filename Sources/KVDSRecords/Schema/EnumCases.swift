/// The cases of an enum, read from the metadata that the compiler emits for it.
///
/// A schema names every case of an enum. But a type lists its cases only if it is `CaseIterable`, and the keys that the
/// compiler makes for `Codable` never are. The layout of the metadata is part of Swift's stable binary interface; its
/// source is `docs/ABI/TypeMetadata.rst` of the Swift project.
enum EnumCases {
    private static let enumKind = 0x201

    /// The numbers of cases with and without associated values; nil if the type is not an enum.
    static func counts(_ type: Any.Type) -> (withValues: Int, withoutValues: Int)? {
        let metadata = unsafe unsafeBitCast(type, to: UnsafeRawPointer.self)
        guard unsafe metadata.load(as: Int.self) == enumKind else { return nil }
        let descriptor = unsafe metadata.load(fromByteOffset: MemoryLayout<Int>.size, as: UnsafeRawPointer.self)
        // The upper byte of the first number is something else.
        let withValues = unsafe descriptor.load(fromByteOffset: 20, as: UInt32.self) & 0xFF_FFFF
        return (Int(withValues), Int(unsafe descriptor.load(fromByteOffset: 24, as: UInt32.self)))
    }

    /// The cases of an enum in the order of their declaration; empty if the type is not an enum, or one with associated
    /// values.
    static func all<Enum>(_ type: Enum.Type) -> [Enum] {
        // Such an enum of up to 256 cases is one byte, the number of the case; with a single case it takes no byte.
        guard let counts = counts(type), counts.withValues == 0, 1...256 ~= counts.withoutValues,
            MemoryLayout<Enum>.size == (counts.withoutValues == 1 ? 0 : 1), _isPOD(type)
        else { return [] }
        return (0..<counts.withoutValues).map { number in
            unsafe withUnsafeBytes(of: UInt64(number).littleEndian) { unsafe $0.load(as: Enum.self) }
        }
    }
}

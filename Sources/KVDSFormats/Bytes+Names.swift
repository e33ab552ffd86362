package import KVDS

extension [UInt8] {
    /// Appends the bytes unchanged.
    package mutating func append(raw bytes: Bytes) {
        unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}

extension UInt8 {
    package static let tab = UInt8(ascii: "\t")
    package static let newline = UInt8(ascii: "\n")
    package static let carriageReturn = UInt8(ascii: "\r")
    package static let quote = UInt8(ascii: "\"")
    package static let comma = UInt8(ascii: ",")
    package static let backslash = UInt8(ascii: "\\")
}

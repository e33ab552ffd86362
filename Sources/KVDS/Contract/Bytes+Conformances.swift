import KVDSSystem

extension Bytes: RandomAccessCollection {
    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { count }
    @inlinable public subscript(position: Int) -> UInt8 { span[position] }

    @inlinable
    public func withContiguousStorageIfAvailable<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R? {
        try unsafe withUnsafeBytes { raw in try unsafe raw.withMemoryRebound(to: UInt8.self, body) }
    }
}

extension Bytes: Hashable {
    public static func == (left: Bytes, right: Bytes) -> Bool {
        if left.count != right.count { return false }
        return unsafe left.withUnsafeBytes { a in unsafe right.withUnsafeBytes { b in unsafe compareBytes(a, b) == 0 } }
    }

    public func hash(into hasher: inout Hasher) {
        unsafe withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}

extension Bytes: Comparable {
    public static func < (left: Bytes, right: Bytes) -> Bool {
        unsafe left.withUnsafeBytes { a in unsafe right.withUnsafeBytes { b in unsafe compareBytes(a, b) < 0 } }
    }
}

/// Compares bytes as unsigned numbers from left to right: the order of all keys.
///
/// - Returns: a negative number if `left` comes first, zero if both are equal, otherwise a positive number.
package func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let common = min(left.count, right.count)
    if common > 0 {
        // Both are non-empty, so both have a base address.
        let order = unsafe memcmp(left.baseAddress.unsafelyUnwrapped, right.baseAddress.unsafelyUnwrapped, common)
        if order != 0 { return Int(order) }
    }
    return left.count - right.count
}

extension Bytes: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    public init(stringLiteral value: String) { self.init(value) }
    public init(arrayLiteral elements: UInt8...) { self.init(elements) }
}

extension Bytes: CustomStringConvertible {
    /// The text if the bytes are valid UTF-8, otherwise `0x` and their hexadecimal digits.
    public var description: String {
        if let text = String(validating: self) { return text }
        return map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.reduce(into: "0x") { $0 += $1 }
    }
}

extension Bytes: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try [UInt8](from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        try Array(self).encode(to: encoder)
    }
}

extension String {
    /// Decodes the bytes as UTF-8. Invalid sequences become the replacement character U+FFFD.
    public init(_ bytes: Bytes) {
        self = unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Decodes the bytes as UTF-8; nil if they are not valid UTF-8.
    public init?(validating bytes: Bytes) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        self = text
    }
}

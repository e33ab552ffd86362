/// The name of a store within a distributor: any text.
///
/// Two ids are equal if their UTF-8 bytes are equal. The name of a disk store's directory is derived from the id alone.
/// It differs for different ids, also on file systems that ignore case.
public struct StoreID: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The text.
    public let description: String
    private let utf8: Bytes

    public init(_ text: String) {
        description = text
        utf8 = Bytes(text)
    }

    public init(stringLiteral value: String) { self.init(value) }

    public static func == (left: StoreID, right: StoreID) -> Bool { left.utf8 == right.utf8 }
    public func hash(into hasher: inout Hasher) { hasher.combine(utf8) }
}

extension StoreID {
    /// The maximum length of a file name that every file system accepts.
    private static let maximumFileNameLength = 240

    /// The id as the name of a directory.
    ///
    /// Lower-case ASCII letters, digits, `-` and `_` are kept. Every other byte becomes `%` and two hexadecimal digits.
    /// So no two ids have the same name, and no name is empty, hidden, or a path.
    ///
    /// - Throws: `.invalidStoreID` if the id is empty or the name would be longer than 240 bytes.
    package var fileName: String {
        get throws(StoreError) {
            if utf8.isEmpty {
                throw StoreError(.invalidStoreID, "A store on disk needs an id of at least one character.")
            }
            var name = ""
            for byte in utf8 {
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                    UInt8(ascii: "_"):
                    name.unicodeScalars.append(UnicodeScalar(byte))
                default:
                    name += "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
                }
            }
            if name.utf8.count > Self.maximumFileNameLength {
                throw StoreError(
                    .invalidStoreID,
                    "The escaped id has \(name.utf8.count) bytes; the maximum is \(Self.maximumFileNameLength)."
                )
            }
            return name
        }
    }
}

/// A value as MessagePack stores it, for comparing sizes: a record is a map from names to values, as in JSON.
enum MessagePack {
    case string(String)
    case integer(Int)
    case double(Double)
    case map([(String, MessagePack)])

    /// The bytes, each value in its shortest form: <https://github.com/msgpack/msgpack/blob/master/spec.md>.
    var bytes: [UInt8] {
        switch self {
        case .string(let string):
            let utf8 = Array(string.utf8)
            return (utf8.count < 32 ? [0xA0 | UInt8(utf8.count)] : [0xD9, UInt8(utf8.count)]) + utf8
        case .integer(let integer):
            switch integer {
            case 0..<0x80: return [UInt8(integer)]
            case 0..<0x100: return [0xCC, UInt8(integer)]
            case 0..<0x1_0000: return [0xCD] + Self.bigEndian(UInt16(integer))
            case 0..<0x1_0000_0000: return [0xCE] + Self.bigEndian(UInt32(integer))
            default: return [0xD3] + Self.bigEndian(UInt64(bitPattern: Int64(integer)))
            }
        case .double(let double): return [0xCB] + Self.bigEndian(double.bitPattern)
        case .map(let entries):
            return [0x80 | UInt8(entries.count)]
                + entries.flatMap { name, value in MessagePack.string(name).bytes + value.bytes }
        }
    }

    private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}

extension Contact {
    /// The record as MessagePack. A field that is nil is left out, as by encoders of `Codable` types.
    var messagePack: MessagePack {
        .map(
            [("name", .string(name)), ("city", .string(city)), ("age", .integer(age)), ("balance", .double(balance))]
                + (phone.map { [("phone", .string($0))] } ?? []))
    }
}

import Foundation
import KVDS
import Testing

@testable import KVDSRecords

@Suite("Tuple: encoding")
struct TupleEncodingTests {
    /// Tuples, and the hexadecimal digits of what FoundationDB packs them into.
    static let known: [(tuple: Tuple, hexadecimal: String)] = [
        ([], ""),
        ([.null], "00"),
        ([.bytes("")], "0100"),
        ([0], "14"),
        ([-1], "13fe"),
        ([255], "15ff"),
        ([256], "160100"),
        ([-256], "12feff"),
        ([-5_551_212], "11ab4b93"),
        ([.integer(1 << 64)], "1d09010000000000000000"),
        ([.integer(-1 << 64)], "0bf6feffffffffffffffff"),
        ([.integer(Int128(UInt64.max))], "1cffffffffffffffff"),
        ([.integer(-Int128(UInt64.max))], "0c0000000000000000"),
        (Tuple(Int64.max), "1c7fffffffffffffff"),
        (Tuple(Int64.min), "0c7fffffffffffffff"),
        (Tuple(Int128.max), "1d10" + "7f" + String(repeating: "ff", count: 15)),
        (Tuple(Int128.min), "0bef" + "7f" + String(repeating: "ff", count: 15)),
        (Tuple(UInt128.max), "1d10" + String(repeating: "ff", count: 16)),
        ([1.5], "21bff8000000000000"),
        ([.double(-0.0)], "217fffffffffffffff"),
        ([0.0], "218000000000000000"),
        ([.float(-42)], "203dd7ffff"),
        ([true], "27"),
        ([false], "26"),
        ([.tuple(["a", .null])], "0502610000ff00"),
        ([.bytes("a\u{0}b")], "016100ff6200"),
        ([.bytes("foo\u{0}bar")], "01666f6f00ff62617200"),
        (["F\u{D4}O\u{0}bar"], "0246c3944f00ff62617200"),
        ([.tuple([.bytes("foo\u{0}bar"), .null, .tuple([])])], "0501666f6f00ff6261720000ff050000"),
        (
            [.uuid(UUID(uuid: (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)))],
            "30000102030405060708090a0b0c0d0e0f"
        ),
    ]

    @Test("tuples pack into the bytes of FoundationDB, and unpack from them", arguments: known)
    func bytes(tuple: Tuple, hexadecimal: String) throws {
        #expect(tuple.packed.hexadecimal == hexadecimal)
        let unpacked = try Tuple(unpacking: Bytes(hexadecimal: hexadecimal))
        #expect(unpacked == tuple && unpacked.count == tuple.count)
        #expect(Array(unpacked) == Array(tuple))
        #expect(Tuple(elements: unpacked).packed == tuple.packed)
    }

    @Test("values of all types pack into the same bytes as their elements")
    func types() {
        let id = UUID()
        #expect(Tuple("é", "ab"[...]) == ["é", "ab"])
        #expect(Tuple("x" as Bytes, [UInt8]("x".utf8), Data("x".utf8)) == [.bytes("x"), .bytes("x"), .bytes("x")])
        #expect(Tuple(1, 1 as Int8, 1 as Int16, 1 as Int32, 1 as Int64, 1 as Int128) == [1, 1, 1, 1, 1, 1])
        #expect(Tuple(1 as UInt, 1 as UInt8, 1 as UInt16, 1 as UInt32) == [1, 1, 1, 1])
        #expect(Tuple(1 as UInt64, 1 as UInt128) == [1, 1])
        #expect(Tuple(1.5 as Float, 1.5, true, id) == [.float(1.5), 1.5, true, .uuid(id)])
        #expect(Tuple(nil as Int?, 7 as Int?, Tuple.Element.null) == [.null, 7, .null])
        #expect(Tuple(Tuple("a", 1), Tuple()) == [.tuple(["a", 1]), .tuple([])])
        #expect(Tuple(Date(timeIntervalSince1970: 1.5)) == [1.5])
        #expect(Tuple().appending("a", 1).appending(true) == ["a", 1, true] && Tuple("a").appending(1, 2).count == 3)
    }

    /// Python gives 2⁶⁴-1 and its negative the form of longer integers; the specification does not.
    @Test(
        "both forms of 2⁶⁴-1 unpack, and keep their bytes",
        arguments: ["1d08ffffffffffffffff", "0bf70000000000000000"])
    func python(hexadecimal: String) throws {
        let tuple = try Tuple(unpacking: Bytes(hexadecimal: hexadecimal))
        let value = (hexadecimal.hasPrefix("1d") ? 1 : -1) * Int128(UInt64.max)
        #expect(try tuple[0, as: Int128.self] == value)
        #expect(Tuple(elements: tuple).packed == tuple.packed)
        #expect(Tuple(value) != tuple && tuple.description == "(\(value))")
    }

    @Test("integers of up to 255 bytes keep their sign and magnitude")
    func bigIntegers() throws {
        for isNegative in [false, true] {
            for count in [17, 100, 255] {
                let magnitude = Bytes((0..<count).map { UInt8(truncatingIfNeeded: 200 &+ $0) })
                let integer = try Tuple.BigInteger(isNegative: isNegative, magnitude: Bytes([0, 0] + magnitude))
                #expect(integer.magnitude == magnitude)
                let tuple = Tuple(Tuple.Element.bigInteger(integer), 1)
                #expect(try Tuple(unpacking: tuple.packed)[0] == .bigInteger(integer))
            }
        }
        let long = Bytes([UInt8](repeating: 1, count: 256))
        #expect(throws: StoreError.self) { try Tuple.BigInteger(isNegative: false, magnitude: long) }
        for count in 0...16 {
            let small = Bytes([UInt8](repeating: 0x7F, count: count))
            #expect(throws: StoreError.self) { try Tuple.BigInteger(isNegative: false, magnitude: small) }
        }
        let least = Bytes([0x80] + [UInt8](repeating: 0, count: 15))
        #expect(throws: StoreError.self) { try Tuple.BigInteger(isNegative: true, magnitude: least) }
        let positive = try Tuple.BigInteger(isNegative: false, magnitude: least)
        #expect(Tuple(Tuple.Element.bigInteger(positive)) == Tuple(UInt128(1) << 127))
    }

    @Test("long tuples pack into the concatenation of their elements")
    func long() {
        for count in [10, 60, 61, 62, 63, 64, 125, 126, 127, 128, 129, 300] {
            let text = String(repeating: "x", count: count)
            let hexadecimal = "02" + String(repeating: "78", count: count) + "00"
            let tuple = Tuple(1, text, text + "\u{0}", 1.5, Tuple(text), nil as Int?, -300)
            let wanted = "1501" + hexadecimal + hexadecimal + "ff00" + "21bff8000000000000" + "05" + hexadecimal + "00"
            #expect(tuple.packed.hexadecimal == wanted + "00" + "12fed3")
            let zeros = Bytes([UInt8](repeating: 0, count: count))
            #expect(Tuple(zeros).packed.hexadecimal == "01" + String(repeating: "00ff", count: count) + "00")
        }
    }
}

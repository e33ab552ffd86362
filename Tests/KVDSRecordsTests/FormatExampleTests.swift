import Foundation
import KVDS
import Testing

@testable import KVDSRecords

@Suite("The examples of the documentation")
struct FormatExampleTests {
    enum Shape: Codable, Equatable {
        case point
        case circle(radius: Double)
        case polygon([Int], isClosed: Bool, name: String?)
    }
    struct Nothing: Codable, Equatable {}

    private func expect<Value: Codable & Equatable>(_ value: Value, _ hexadecimal: String) throws {
        let coder = try RecordCoder(Value.self)
        let bytes = try coder.encode(value)
        #expect(bytes.hexadecimal == hexadecimal.filter { $0 != " " })
        #expect(try coder.decode(bytes) == value)
    }

    private func expect(descending element: Tuple.Element, _ hexadecimal: String) {
        var writer = TupleWriter(after: "")
        writer.append(element, .descending)
        let bytes = writer.bytes()
        #expect(bytes.hexadecimal == hexadecimal.filter { $0 != " " })
    }

    @Test("the examples of Formats.md have the bytes that it shows")
    func bytes() throws {
        expect(descending: .null, "fe")
        expect(descending: 1, "e9 fe")
        expect(descending: "a", "fc 9e ff ff")

        try expect(-1, "01")
        try expect(64, "80 01")
        try expect(300 as UInt16, "d8 04")
        try expect(Int128.min, String(repeating: "ff", count: 18) + "03")
        try expect(1.5 as Float, "00 00 c0 3f")
        try expect(1.5, "00 00 00 00 00 00 f8 3f")
        try expect("é", "02 c3 a9")
        try expect(Data([1, 2]), "02 01 02")
        try expect(Date(timeIntervalSinceReferenceDate: 1.5), "00 00 00 00 00 00 f8 3f")
        let id = UUID(uuid: (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
        try expect(id, "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f")
        try expect([1, -1, 300], "03 02 01 d8 04")
        try expect([true, false], "02 01 00")
        try expect([nil, 5] as [Int?], "02 00 01 0a")
        try expect([nil, true, false] as [Bool?], "03 00 01 01 01 00")
        try expect(["b", "aa"] as Set, "02 01 62 02 61 61")
        try expect(["b": 1, "a": 2], "02 01 61 04 01 62 02")
        try expect([Nothing(), Nothing()], "02 00 00")
        try expect(Shape.point, "00 00")
        try expect(Shape.circle(radius: 1), "01 00 00 00 00 00 00 f0 3f")
        try expect(Shape.polygon([3], isClosed: true, name: nil), "02 01 01 06")
    }
}

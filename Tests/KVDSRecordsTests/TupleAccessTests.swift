import Foundation
import KVDS
import Testing

@testable import KVDSRecords

@Suite("Tuple: elements")
struct TupleAccessTests {
    enum Kind: String, TupleElement { case user, group }

    struct UserID: TupleElement, Equatable {
        let number: Int
        init(number: Int) { self.number = number }
        func pack(into writer: inout TupleWriter) { writer.append(number) }
        init?(tupleElement element: Tuple.Element) {
            guard let number = Int(tupleElement: element) else { return nil }
            self.number = number
        }
    }

    @Test("an unpacked tuple gives its elements by position and type")
    func access() throws {
        let id = UUID()
        let key: Bytes = Tuple("user", 42, id).packed
        let parts = try Tuple(unpacking: key)
        #expect(parts.count == 3 && parts[0] == "user" && parts[1] == 42 && parts[2] == .uuid(id))
        #expect(parts[1] != 43 && parts[1] != "42" && parts[1] != 42.0 && parts[3] == nil && parts[-1] == nil)
        #expect(try parts[0, as: String.self] == "user")
        #expect(try parts[1, as: UInt8.self] == 42 && parts[2, as: UUID.self] == id)
        let (name, number, uuid) = try parts.values(as: String.self, Int.self, UUID.self)
        #expect(name == "user" && number == 42 && uuid == id)
        #expect(parts.map(\.description) == ["\"user\"", "42", id.uuidString])
    }

    @Test("every type reads back the value that it wrote")
    func types() throws {
        func expect<T: TupleElement & Equatable>(_ value: T) throws {
            let tuple = try Tuple(unpacking: Tuple(value).packed)
            #expect(try tuple[0, as: T.self] == value && tuple[0, as: T?.self] == value)
            #expect(try tuple.values(as: Tuple.Element.self) == tuple[0])
        }
        try expect("text\u{0}é")
        try expect("text"[...])
        try expect("bytes\u{0}" as Bytes)
        try expect([0, 1, 255] as [UInt8])
        try expect(Data([0, 1, 255]))
        try expect(Int.min)
        try expect(Int8.min)
        try expect(Int16.min)
        try expect(Int32.min)
        try expect(Int64.min)
        try expect(Int128.min)
        try expect(UInt.max)
        try expect(UInt8.max)
        try expect(UInt16.max)
        try expect(UInt32.max)
        try expect(UInt64.max)
        try expect(UInt128.max)
        try expect(Float.pi)
        try expect(Double.pi)
        try expect(true)
        try expect(UUID())
        try expect(Date(timeIntervalSince1970: -1.25))
        try expect(Tuple("a", nil as Int?, Tuple(nil as Int?)))
        try expect(Kind.group)
        try expect(UserID(number: 7))
        #expect(try Tuple(nil as Int?)[0, as: Int?.self] == nil)
        let nan = try Tuple(unpacking: Tuple(Double(bitPattern: 0x7FF0_0000_0000_0001)).packed)[0, as: Double.self]
        #expect(nan.bitPattern == 0x7FF0_0000_0000_0001)
    }

    @Test("an element of another type is an error that names its position, and not its value")
    func mismatches() throws {
        let tuple = Tuple("secret", 777, nil as Int?)
        func expect<E: TupleElement>(_ message: String, _ position: Int, _ type: E.Type) {
            let error = #expect(throws: StoreError.self) { try tuple[position, as: type] }
            #expect(error?.code == .elementMismatch && error?.advice == .usageError && error?.message == message)
        }
        expect("The element at position 0, a string, is not a value of type Int.", 0, Int.self)
        expect("The element at position 1, an integer, is not a value of type Int8.", 1, Int8.self)
        expect("The element at position 1, an integer, is not a value of type Double.", 1, Double.self)
        expect("The element at position 2, null, is not a value of type String.", 2, String.self)
        expect("The tuple has no element at position 3: it has 3 elements.", 3, Int.self)
        expect("The tuple has no element at position -1: it has 3 elements.", -1, Int.self)
        expect("The element at position 0, a string, is not a value of type Kind.", 0, Kind.self)
        func expect(_ message: String, _ values: () throws -> Void) {
            let error = #expect(throws: StoreError.self, performing: values)
            #expect(error?.code == .elementMismatch && error?.message == message)
        }
        expect("The tuple has 3 elements, and not 2.") { _ = try tuple.values(as: String.self, Int.self) }
        expect("The tuple has no element at position 3: it has 3 elements.") {
            _ = try tuple.values(as: String.self, Int.self, Int?.self, Int.self)
        }
        expect("The element at position 1, an integer, is not a value of type Bool.") {
            _ = try tuple.values(as: String.self, Bool.self)
        }
    }

    @Test("a description shows the elements as text")
    func descriptions() throws {
        #expect(Tuple("user", 42, nil as Int?).description == "(\"user\", 42, nil)")
        #expect("\(Tuple())" == "()" && "\(Tuple(Tuple(), Tuple("a", Tuple(1.0))))" == "((), (\"a\", (1.0)))")
        #expect("\(Tuple([0, 255] as [UInt8], true, 1.5 as Float, -3))" == "(0x00ff, true, Float(1.5), -3)")
        #expect("\(Tuple("a\"b\n\u{0}"))" == #"("a\"b\n\0")"#)
        let stamp = try Tuple.Versionstamp("0123456789ab")
        #expect("\(Tuple(Tuple.Element.versionstamp(stamp)))" == "(Versionstamp(0x303132333435363738396162))")
        #expect("\(Tuple.Element.tuple(["a", 1]))" == "(\"a\", 1)" && "\(Tuple.Element.null)" == "nil")
        #expect("\(Tuple(UInt128.max))" == "(\(UInt128.max))")
        // 2¹⁶⁰, as other programs print it.
        let magnitude = Bytes([1] + [UInt8](repeating: 0, count: 20))
        let big = try Tuple.BigInteger(isNegative: true, magnitude: magnitude)
        #expect("\(big)" == "-1461501637330902918203684832716283019655932542976")
        #expect(throws: StoreError.self) { try Tuple.Versionstamp("0123456789") }
    }
}

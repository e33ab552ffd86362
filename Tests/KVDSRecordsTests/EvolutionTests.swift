import KVDS
import KVDSTesting
import Testing

@testable import KVDSRecords

/// Two versions of one type. Each reads what the other wrote.
@Suite("Types that change")
struct EvolutionTests {
    private func read<Old: Codable, New: Codable>(
        _ value: Old, as type: New.Type, defaults: [String: any Sendable] = [:], oldNames: [String: [String]] = [:]
    ) throws -> New {
        let writer = try RecordCoder(Old.self)
        let expectations = FieldExpectations(defaults: defaults, oldNames: oldNames)
        return try RecordCoder(type).decode(writer.encode(value), writtenWith: writer.layout, expecting: expectations)
    }

    /// The message of the error that reading throws.
    private func refusal<Old: Codable, New: Codable>(_ value: Old, as type: New.Type) throws -> String {
        do {
            _ = try read(value, as: type)
            return "none"
        } catch let error as StoreError {
            #expect(error.code == .incompatibleSchema)
            return error.message
        }
    }

    struct Plain: Codable, Equatable { var id: Int; var name: String }
    struct WithOptional: Codable, Equatable { var id: Int; var city: String?; var name: String }
    struct WithRequired: Codable, Equatable { var id: Int; var name: String; var age: Int; var isActive: Bool }

    @Test("an added optional is nil in older records, and older programs skip it")
    func addedOptional() throws {
        #expect(try read(Plain(id: 1, name: "a"), as: WithOptional.self) == WithOptional(id: 1, city: nil, name: "a"))
        #expect(try read(WithOptional(id: 1, city: "x", name: "a"), as: Plain.self) == Plain(id: 1, name: "a"))
        let optional = try read(Plain(id: 1, name: "a"), as: WithOptional.self, defaults: ["city": "Oslo"])
        #expect(optional.city == "Oslo")
    }

    @Test("an added field that is not an optional has its default in older records")
    func addedRequired() throws {
        let read = try read(Plain(id: 1, name: "a"), as: WithRequired.self, defaults: ["age": 7, "isActive": true])
        #expect(read == WithRequired(id: 1, name: "a", age: 7, isActive: true))
        let message = try refusal(Plain(id: 1, name: "a"), as: WithRequired.self)
        #expect(message == "A stored Plain has no value for age, which is not an optional; declare a default.")
        let old = try self.read(WithRequired(id: 1, name: "a", age: 2, isActive: true), as: Plain.self)
        #expect(old == Plain(id: 1, name: "a"))
    }

    struct Renamed: Codable, Equatable { var id: Int; var fullName: String }

    @Test("a renamed field is found by its declared old name, also after two renamings")
    func renamed() throws {
        let new = try read(Plain(id: 1, name: "a"), as: Renamed.self, oldNames: ["fullName": ["title", "name"]])
        #expect(new == Renamed(id: 1, fullName: "a"))
        #expect(try refusal(Plain(id: 1, name: "a"), as: Renamed.self).contains("fullName"))
    }

    struct Narrow: Codable, Equatable { var a: Int8; var b: UInt16; var c: Float; var d: Int; var e: Int32 }
    struct Wide: Codable, Equatable { var a: Int; var b: UInt64; var c: Double; var d: Double; var e: Int128 }

    @Test("integers and floats widen, and narrow if the number fits")
    func widened() throws {
        let narrow = Narrow(a: -8, b: 65_535, c: 1.5, d: 1 << 40, e: .min)
        let wide = try read(narrow, as: Wide.self)
        #expect(wide == Wide(a: -8, b: 65_535, c: 1.5, d: Double(1 << 40), e: Int128(Int32.min)))
        struct A: Codable, Equatable { var a: Int }
        struct B: Codable, Equatable { var a: UInt8 }
        #expect(try read(A(a: 255), as: B.self) == B(a: 255))
        #expect(try refusal(A(a: 256), as: B.self) == "A stored integer does not fit into UInt8.")
        #expect(try refusal(A(a: -1), as: B.self) == "A stored integer does not fit into UInt8.")
    }

    struct Optionals: Codable, Equatable { var a: Int?; var b: Bool?; var c: [String]? }
    struct Required: Codable, Equatable { var a: Int; var b: Bool; var c: [String] }

    @Test("a field may become an optional, and required if it has a value or a default")
    func optional() throws {
        let required = Required(a: 1, b: true, c: ["x"])
        #expect(try read(required, as: Optionals.self) == Optionals(a: 1, b: true, c: ["x"]))
        #expect(try read(Optionals(a: 1, b: true, c: ["x"]), as: Required.self) == required)
        #expect(try refusal(Optionals(a: 1, b: nil, c: []), as: Required.self).contains("no value for b"))
        let read = try read(
            Optionals(a: nil, b: nil, c: nil), as: Required.self, defaults: ["a": 5, "b": true, "c": ["d"]])
        #expect(read == Required(a: 5, b: true, c: ["d"]))
    }

    struct Reordered: Codable, Equatable { var c: [String]; var a: Int; var b: Bool }

    @Test("the order of the fields may change")
    func reordered() throws {
        let value = Required(a: 1, b: true, c: ["x", "y"])
        #expect(try read(value, as: Reordered.self) == Reordered(c: ["x", "y"], a: 1, b: true))
        #expect(try read(Reordered(c: ["x"], a: 1, b: true), as: Required.self) == Required(a: 1, b: true, c: ["x"]))
    }

    enum OldShape: Codable, Equatable { case point, circle(radius: Int) }
    enum NewShape: Codable, Equatable { case square(side: Int), circle(radius: Int, color: String?), point }

    @Test("cases are found by name, and a case that the type does not have is refused by name")
    func cases() throws {
        #expect(try read([OldShape.point], as: [NewShape].self) == [.point])
        #expect(try read([OldShape.circle(radius: 2)], as: [NewShape].self) == [.circle(radius: 2, color: nil)])
        #expect(try read([NewShape.circle(radius: 2, color: "red")], as: [OldShape].self) == [.circle(radius: 2)])
        let message = try refusal([NewShape.square(side: 1)], as: [OldShape].self)
        #expect(message == "A stored NewShape is the case square, which the type does not have.")
    }

    struct Person: Codable, Equatable { var name: String; var home: Place }
    struct Place: Codable, Equatable { var city: String }
    struct NewPerson: Codable, Equatable { var name: String; var home: NewPlace; var work: NewPlace? }
    struct NewPlace: Codable, Equatable { var zip: Int?; var city: String }

    @Test("nested structs change like others, and a field may be split off into a new one")
    func nested() throws {
        let old = Person(name: "a", home: Place(city: "Oslo"))
        let new = NewPerson(name: "a", home: NewPlace(zip: nil, city: "Oslo"), work: nil)
        #expect(try read(old, as: NewPerson.self) == new)
        #expect(try read(new, as: Person.self) == old)
        let split = try read(Plain(id: 1, name: "a"), as: Person.self, defaults: ["home": Place(city: "?")])
        #expect(split == Person(name: "a", home: Place(city: "?")))
    }

    struct TextID: Codable, Equatable { var id: String; var name: String }

    @Test("a field of another kind is refused, and the message names both types")
    func otherKind() throws {
        let message = try refusal(Plain(id: 1, name: "a"), as: TextID.self)
        #expect(message == "A stored value is of type integer, but the type wants a String.")
        #expect(try refusal(TextID(id: "1", name: "a"), as: Plain.self).contains("string"))
    }

    @Test("random records of an unchanged type survive the other type's fields")
    func random() throws {
        struct More: Codable { var before: [Int]; var value: Everything; var after: [String: Int]? }
        struct Less: Codable { var value: Everything }
        var random = SplitMix64(seed: 3)
        for number in 0..<100 {
            let value = Everything.random(&random)
            let more = More(before: [number], value: value, after: number % 2 == 0 ? nil : ["x": 1])
            #expect(try read(more, as: Less.self).value == value)
            #expect(try read(Less(value: value), as: More.self, defaults: ["before": [1]]).value == value)
        }
    }
}

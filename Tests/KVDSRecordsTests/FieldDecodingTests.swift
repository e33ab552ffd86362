import KVDS
import KVDSTesting
import Testing

@testable import KVDSRecords

@Suite("One field of a record")
struct FieldDecodingTests {
    struct User: Codable, Equatable {
        var id: Int
        var name: String
        var city: String?
        var isActive: Bool
        var tags: Set<String>
        var age: UInt8
    }

    private let users = [
        User(id: 1, name: "ada", city: "London", isActive: true, tags: ["a", "b"], age: 36),
        User(id: -70_000, name: "", city: nil, isActive: false, tags: [], age: 0),
    ]

    @Test("each field is decoded as it is decoded with the others")
    func fields() throws {
        let coder = try RecordCoder(User.self)
        for user in users {
            let bytes = try coder.encode(user)
            #expect(try coder.decodeField("id", as: Int.self, from: bytes) == user.id)
            #expect(try coder.decodeField("name", as: String.self, from: bytes) == user.name)
            #expect(try coder.decodeField("city", as: String?.self, from: bytes) == .some(user.city))
            #expect(try coder.decodeField("isActive", as: Bool.self, from: bytes) == user.isActive)
            #expect(try coder.decodeField("tags", as: Set<String>.self, from: bytes) == user.tags)
            #expect(try coder.decodeField("age", as: UInt8.self, from: bytes) == user.age)
        }
    }

    @Test("every field of random records is decoded behind all kinds of other fields")
    func random() throws {
        var random = SplitMix64(seed: 5)
        let coder = try RecordCoder(Everything.self)
        for _ in 0..<100 {
            let value = Everything.random(&random)
            let bytes = try coder.encode(value)
            #expect(try coder.decodeField("maybeMaybe", as: Int??.self, from: bytes) == .some(value.maybeMaybe))
            #expect(try coder.decodeField("level", as: Everything.Level?.self, from: bytes) == .some(value.level))
            #expect(try coder.decodeField("shapes", as: [Everything.Shape].self, from: bytes) == value.shapes)
            #expect(try coder.decodeField("addresses", as: [Everything.Address].self, from: bytes) == value.addresses)
            let colors = try coder.decodeField("byColor", as: [Everything.Color: Double?].self, from: bytes)
            #expect(colors == value.byColor)
        }
    }

    @Test("a field that the record was written without is nil, also if the type now has it")
    func missing() throws {
        struct Old: Codable { var age: Int }
        let (coder, old) = (try RecordCoder(User.self), try RecordCoder(Old.self))
        #expect(try coder.decodeField("nickname", as: String.self, from: coder.encode(users[0])) == nil)
        let bytes = try old.encode(Old(age: 7))
        #expect(try coder.decodeField("name", as: String.self, from: bytes, writtenWith: old.layout) == nil)
        #expect(try coder.decodeField("age", as: UInt8.self, from: bytes, writtenWith: old.layout) == 7)
    }

    /// The code of the error that decoding the field throws.
    private func refusal<Record: Codable, Value: Decodable>(
        _ coder: RecordCoder<Record>, _ name: String, as type: Value.Type, from bytes: Bytes
    ) -> StoreError.Code? {
        do throws(StoreError) {
            _ = try coder.decodeField(name, as: type, from: bytes)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a field of another type, a nil that is not expected and a record that is no struct are refused")
    func refused() throws {
        let coder = try RecordCoder(User.self)
        let bytes = try coder.encode(users[1])
        #expect(refusal(coder, "id", as: String.self, from: bytes) == .incompatibleSchema)
        #expect(refusal(coder, "id", as: UInt.self, from: bytes) == .incompatibleSchema)
        #expect(refusal(coder, "city", as: String.self, from: bytes) == .incompatibleSchema)
        let numbers = try RecordCoder([Int].self)
        #expect(refusal(numbers, "id", as: Int.self, from: try numbers.encode([1])) == .incompatibleSchema)
    }

    @Test("a record that is cut off before or in a field throws .corrupt")
    func truncated() throws {
        let coder = try RecordCoder(User.self)
        let bytes = try coder.encode(users[0])
        for count in 0..<bytes.count {
            #expect(refusal(coder, "age", as: UInt8.self, from: bytes.slice(0..<count)) == .corrupt)
        }
    }
}

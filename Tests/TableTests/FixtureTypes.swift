import Foundation
import KVDS
import KVDSRecords

/// The types of the records in the fixtures. They must never change: add new ones for a new fixture.
enum Fixture {
    /// A key of every kind of element.
    struct Keyed: Codable, Equatable, Sendable {
        var text: String
        var data: Data
        var number: Int
        var huge: UInt128
        var single: Float
        var double: Double
        var flag: Bool
        var uuid: UUID
        var date: Date

        var nothing: Tuple.Element { .null }
        var nested: Tuple { Tuple(text, number, Tuple(flag)) }
        var stamp: Tuple.Element {
            (try? Tuple.Versionstamp(Bytes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]))).map { .versionstamp($0) } ?? .null
        }
    }

    enum Color: String, Codable { case red, green, blue }
    enum Level: Int, Codable { case low = 1, high = 7 }
    enum Figure: Codable, Hashable, Sendable {
        case point
        case circle(radius: Double)
        case polygon([Double], isClosed: Bool, name: String?)
    }
    struct Address: Codable, Hashable, Sendable {
        var street: String
        var zip: Int?
        var isHome: Bool?
    }
    struct Nothing: Codable, Hashable, Sendable {}
    struct Wrapper: Codable, Hashable, RawRepresentable, Sendable { var rawValue: String }
    struct Tree: Codable, Hashable, Sendable {
        var name: String
        var children: [Tree]
    }
    indirect enum Term: Codable, Hashable, Sendable {
        case number(Int)
        case sum(Term, Term)
        case negative(of: Term)
    }

    /// A value of every shape.
    struct Shaped: Codable, Equatable, Sendable {
        var id: Int
        var int8: Int8
        var int16: Int16
        var int32: Int32
        var int64: Int64
        var int128: Int128
        var uint: UInt
        var uint8: UInt8
        var uint16: UInt16
        var uint32: UInt32
        var uint64: UInt64
        var uint128: UInt128
        var float: Float
        var double: Double
        var string: String
        var data: Data
        var bytes: [UInt8]
        var date: Date
        var uuid: UUID
        var flag: Bool
        var maybeFlag: Bool?
        var maybeNumber: Int?
        var maybeMaybe: Int??
        var color: Color
        var level: Level?
        var figures: [Figure]
        var address: Address
        var maybeAddress: Address?
        var nothing: Nothing
        var wrapper: Wrapper
        var maybes: [Int?]
        var lists: [[String]]
        var tags: Set<String>
        var counts: [String: Int]
        var byNumber: [Int: [String]]
        var byColor: [Color: Double]
        var tree: Tree
        var term: Term
    }

    /// People, as an older program knows them.
    struct OldPerson: Codable, Equatable, Sendable {
        var id: Int
        var title: String
    }
    struct Person: Codable, Equatable, Sendable {
        var id: Int
        var name: String
        var city: String?
        var age: Int
        var tags: [String]
        var mail: String?
    }
    struct Number: Codable, Equatable, Sendable {
        var id: Int
        var square: Int
    }
    struct OldMember: Codable, Equatable, Sendable {
        var id: Int
        var name: String
    }
    struct Member: Codable, Equatable, Sendable {
        var id: Int
        var name: Int
    }

    static let keyed = Table<Keyed>(
        "keyed", key: \.text, \.data, \.number, \.huge, \.single, \.double, \.flag, \.uuid, \.date, \.nothing, \.nested,
        \.stamp)
    static let shaped = Table<Shaped>("shaped", key: \.id)
    static let oldPeople = Table<OldPerson>("people", key: \.id)
    static let people = Table<Person>("people", key: \.id) {
        FieldDeclaration(\.name, was: "title")
        FieldDeclaration(\.age, default: 18)
        FieldDeclaration(\.tags, default: ["old"])
        Index("byCity", \.city, \.age)
        Index("byAge", \.age, \.name, order: .descending, .ascending)
        Index("byTag", each: \.tags)
        Index("adults", \.name, where: \.age >= 30)
        UniqueIndex("byMail", \.mail)
    }
    static let plainNumbers = Table<Number>("numbers", key: \.id) { Index("few", \.square, where: \.square < 50) }
    static let numbers = Table<Number>("numbers", key: \.id) { Index("bySquare", \.square, order: .descending) }
    static let oldMembers = Table<OldMember>("members", key: \.id)
    static let members = Table<Member>("members", key: \.id) {
        Migration(from: OldMember.self) { Member(id: $0.id, name: $0.name.count) }
    }
}

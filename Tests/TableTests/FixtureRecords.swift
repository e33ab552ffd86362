import Foundation
import KVDS
import KVDSRecords
import KVDSTesting

/// The records of the fixture of format 1, and the program that wrote it.
extension Fixture {
    private static func uuid(_ byte: UInt8) -> UUID {
        UUID(uuid: (byte, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
    }

    static let keyedRecords = [
        Keyed(
            text: "", data: Data(), number: .min, huge: 0, single: -.infinity, double: -1.5, flag: false,
            uuid: uuid(0), date: Date(timeIntervalSinceReferenceDate: -1)),
        Keyed(
            text: "a\0\u{e9}\u{1F642}", data: Data([0, 255]), number: 0, huge: 1 << 120, single: 0.5, double: 0,
            flag: true,
            uuid: uuid(255), date: Date(timeIntervalSinceReferenceDate: 86_400.5)),
        Keyed(
            text: "b", data: Data([1]), number: .max, huge: 1 << 64, single: .infinity, double: 1e300, flag: true,
            uuid: uuid(1), date: Date(timeIntervalSinceReferenceDate: 0)),
    ]

    static let shapedRecords = [
        Shaped(
            id: 1, int8: .min, int16: .min, int32: .min, int64: .min, int128: -1 << 100, uint: .max, uint8: .max,
            uint16: .max, uint32: .max, uint64: .max, uint128: 1 << 100, float: 1.5, double: -2.25,
            string: "tab\tnew\nline \u{e9}", data: Data([0, 128, 255]), bytes: [1, 2],
            date: Date(
                timeIntervalSinceReferenceDate: 0.25), uuid: uuid(7), flag: true, maybeFlag: false, maybeNumber: -1,
            maybeMaybe: 5, color: .blue, level: .high,
            figures: [.point, .circle(radius: 0.5), .polygon([1, 2], isClosed: true, name: "x")],
            address: Address(street: "s", zip: 1, isHome: true),
            maybeAddress: Address(street: "", zip: nil, isHome: nil),
            nothing: Nothing(), wrapper: Wrapper(rawValue: "w"), maybes: [1, nil, 3], lists: [[], ["a"], ["b", "c"]],
            tags: ["x", "y", "longer"], counts: ["one": 1, "two": 2], byNumber: [1: ["a"], -1: []],
            byColor: [.red: 0.5, .green: -0.5],
            tree: Tree(name: "root", children: [Tree(name: "leaf", children: []), Tree(name: "", children: [])]),
            term: .sum(.number(1), .negative(of: .sum(.number(2), .number(-3))))),
        Shaped(
            id: 2, int8: 0, int16: 0, int32: 0, int64: 0, int128: .min, uint: 0, uint8: 0, uint16: 0, uint32: 0,
            uint64: 0, uint128: 0, float: 0, double: 0, string: "", data: Data(), bytes: [],
            date: Date(timeIntervalSinceReferenceDate: 0), uuid: uuid(0), flag: false, maybeFlag: nil, maybeNumber: nil,
            maybeMaybe: nil, color: .red, level: nil, figures: [], address: Address(street: "", zip: nil, isHome: nil),
            maybeAddress: nil, nothing: Nothing(), wrapper: Wrapper(rawValue: ""), maybes: [], lists: [], tags: [],
            counts: [:], byNumber: [:], byColor: [:], tree: Tree(name: "", children: []), term: .number(0)),
    ]

    /// The people as today's program reads them. The first two were written by an older one.
    static let personRecords = [
        Person(id: 1, name: "ada", city: nil, age: 18, tags: ["old"], mail: nil),
        Person(id: 2, name: "bob", city: nil, age: 18, tags: ["old"], mail: nil),
        Person(id: 3, name: "eve", city: "Oslo", age: 36, tags: ["a", "b"], mail: "eve@example.org"),
        Person(id: 4, name: "z\0", city: "", age: -1, tags: [], mail: nil),
        Person(id: 5, name: "eve", city: "Oslo", age: 30, tags: ["b", "b"], mail: "e@example.org"),
    ]

    /// So many that the building of an index needs several commits.
    static let numberRecords = (0..<260).map { Number(id: $0, square: $0 * $0) }

    static let memberRecords = [
        Member(id: 1, name: 3), Member(id: 2, name: 0), Member(id: 3, name: 7),
    ]

    /// Writes the store of the fixture.
    static func write(to store: any KeyValueStore) async throws {
        try await store.open(keyed).put(keyedRecords)
        try await store.open(shaped).put(shapedRecords)
        try await store.open(oldPeople).put([OldPerson(id: 1, title: "ada"), OldPerson(id: 2, title: "bob")])
        try await store.open(people).put(personRecords[2...])
        try await store.open(plainNumbers).put(numberRecords)
        // The commits that add an index and build the beginning of it, and the one that marks another one as dropped.
        _ = try? await CountingStore(base: store, commits: 2).open(numbers)
        try? await CountingStore(base: store, commits: 1).open(plainNumbers, building: .never).dropIndex("few")
        try await store.open(oldMembers).put([OldMember(id: 1, name: "ada"), OldMember(id: 2, name: "")])
        try await store.open(members).put(memberRecords[2])
        // The commit that begins a migration.
        _ = try? await CountingStore(base: store, commits: 1).open(members).migrate()
    }
}

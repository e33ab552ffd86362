import Foundation
import KVDS
import KVDSTesting
import Testing

@testable import KVDSRecords

@Suite("The bytes of a record")
struct RecordCoderTests {
    struct User: Codable, Equatable {
        var id: Int
        var name: String
        var city: String?
        var age: Int
        var isActive: Bool
    }

    @Test("a struct is a bitmap of its optionals and Bools, then its fields without names")
    func structure() throws {
        let coder = try RecordCoder(User.self)
        let user = User(id: 1, name: "ada", city: nil, age: -2, isActive: true)
        let bytes = try coder.encode(user)
        #expect(Array(bytes) == [0b10, 2, 3, 0x61, 0x64, 0x61, 3])
        #expect(try coder.decode(bytes) == user)
        let other = User(id: 300, name: "", city: "Oslo", age: 0, isActive: false)
        #expect(Array(try coder.encode(other)) == [0b01, 0xD8, 0x04, 0, 4, 0x4F, 0x73, 0x6C, 0x6F, 0])
        #expect(try coder.decode(coder.encode(other)) == other)
    }

    @Test("random structs of every shape are decoded as they were encoded")
    func random() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of the random records: \(seed)")
        var random = SplitMix64(seed: seed)
        let coder = try RecordCoder(Everything.self)
        let isLong = ProcessInfo.processInfo.environment["KVDS_LONG_TESTS"] != nil
        for _ in 0..<(isLong ? 10_000 : 1_000) {
            let value = Everything.random(&random)
            let bytes = try coder.encode(value)
            let decoded = try coder.decode(bytes)
            #expect(decoded == value)
            #expect(try coder.encode(decoded) == bytes, "the same value has the same bytes")
            if decoded != value { return }
        }
    }

    @Test("equal dictionaries and sets have equal bytes, whatever the order of their insertions")
    func sorted() throws {
        let coder = try RecordCoder([Set<String>: [Int: String]].self)
        let names = (0..<200).map { "name \($0)" }
        var forward = Set<String>(minimumCapacity: 1_000)
        var backward = Set<String>()
        for name in names { forward.insert(name) }
        for name in names.reversed() { backward.insert(name) }
        let numbers = Dictionary(uniqueKeysWithValues: (0..<200).map { ($0, "\($0)") })
        var others = [Int: String](minimumCapacity: 2_000)
        for number in (0..<200).reversed() { others[number] = "\(number)" }
        #expect(try coder.encode([forward: numbers]) == coder.encode([backward: others]))
        #expect(try coder.decode(coder.encode([forward: numbers])) == [forward: numbers])
    }

    @Test("0.0 and -0.0 have equal bytes, and every other number keeps its bits")
    func zeros() throws {
        let coder = try RecordCoder([Double].self)
        #expect(try coder.encode([-0.0]) == coder.encode([0.0]))
        let numbers: [Double] = [.nan, .signalingNaN, .infinity, .leastNonzeroMagnitude, 0.1, -1]
        let decoded = try coder.decode(coder.encode(numbers))
        #expect(decoded.map(\.bitPattern) == numbers.map(\.bitPattern))
    }

    @Test("values that contain their own type are encoded to a depth of 64")
    func recursion() throws {
        let trees = try RecordCoder(Tree.self)
        var tree = Tree(name: "leaf", parentName: nil, children: [])
        for level in 0..<10 {
            tree = Tree(name: "\(level)", parentName: "p", children: [tree, tree.children.first ?? tree])
        }
        #expect(try trees.decode(trees.encode(tree)) == tree)
        let expressions = try RecordCoder(Expression.self)
        let sum = Expression.sum(.number(1), .negative(of: .sum(.nothing, .number(-7))))
        #expect(try expressions.decode(expressions.encode(sum)) == sum)
        var deep = Expression.nothing
        for _ in 0..<100 { deep = .negative(of: deep) }
        #expect(throws: StoreError.self) { try expressions.encode(deep) }
        do throws(StoreError) {
            _ = try expressions.encode(deep)
        } catch {
            #expect(error.code == .invalidRecord)
        }
    }

    struct Node: Codable, Hashable { var children: Set<Node> }

    /// A set was no level when it was encoded, and one when it was decoded. So a record could be written, and never be
    /// read again.
    @Test("nested sets are refused when they are encoded, if they are too deep to be decoded")
    func nestedSets() throws {
        let coder = try RecordCoder(Node.self)
        var node = Node(children: [])
        for level in 1...40 {
            let bytes = try? coder.encode(node)
            #expect((bytes != nil) == (level <= 32))
            if let bytes { #expect(try coder.decode(bytes) == node) }
            node = Node(children: [node])
        }
        #expect(throws: StoreError.self) { try coder.encode(node) }
    }

    struct Maybes: Codable, Equatable {
        var dates: [Date?]
        var ids: [UUID?]
        var data: [Data?]
        var bytes: [[UInt8]?]
        var sets: [Set<Int>?]
        var maps: [Int: [Int: Date?]?]
        var maybeDate: Date??
    }

    /// They were encoded in the form of their own `encode(to:)`, which their schema does not have.
    @Test("optionals of dates, UUIDs, bytes, sets and dictionaries are decoded as they were encoded")
    func maybes() throws {
        let coder = try RecordCoder(Maybes.self)
        let date = Date(timeIntervalSinceReferenceDate: 1.5)
        let value = Maybes(
            dates: [nil, date], ids: [UUID(), nil], data: [Data([1]), nil], bytes: [nil, [2]], sets: [[3], nil],
            maps: [1: [2: date, 3: nil], 4: nil], maybeDate: date)
        #expect(try coder.decode(coder.encode(value)) == value)
    }

    /// Encodes its fields in another order than it decodes them, and leaves out what is nil.
    struct Unordered: Codable, Equatable {
        var first: Int
        var second: String?
        var third: [Int]

        enum CodingKeys: CodingKey { case first, second, third }

        init(first: Int, second: String?, third: [Int]) {
            (self.first, self.second, self.third) = (first, second, third)
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            third = try container.decode([Int].self, forKey: .third)
            first = try container.decode(Int.self, forKey: .first)
            second = try container.decodeIfPresent(String.self, forKey: .second)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            if first % 2 == 0 { try container.encode(first, forKey: .first) }
            if let second { try container.encodeIfPresent(second, forKey: .second) }
            try container.encode(third, forKey: .third)
            if first % 2 != 0 { try container.encode(first, forKey: .first) }
        }
    }

    @Test("a type may encode and decode its fields in any order, and leave out what is nil")
    func unordered() throws {
        let coder = try RecordCoder(Unordered.self)
        for number in 0..<8 {
            let value = Unordered(first: number, second: number / 2 % 2 == 0 ? nil : "two", third: [number, 1])
            #expect(try coder.decode(coder.encode(value)) == value)
        }
        let even = try coder.encode(Unordered(first: 2, second: "x", third: [1]))
        let odd = try coder.encode(Unordered(first: 3, second: "x", third: [1]))
        #expect(even.count == odd.count)
    }
}

import Foundation
import KVDSTesting
import Testing

@testable import KVDS

@Suite("Bytes")
struct BytesTests {
    @Test("bytes around the inline capacity are read back unchanged", arguments: [0, 1, 14, 15, 16, 17, 255, 4_096])
    func boundary(_ count: Int) {
        let array = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
        let bytes = Bytes(array)
        #expect(bytes.count == count)
        #expect((bytes.storage == nil) == (count <= 15))
        #expect(Array(bytes) == array)
        #expect(Bytes(copying: bytes.bytes) == bytes)
        #expect(bytes.span.count == count)
        #expect((0..<count).allSatisfy { bytes[$0] == array[$0] })
    }

    @Test("long slices share the storage of their bytes, and short slices are stored inline")
    func slices() {
        let array = (0..<100).map(UInt8.init)
        let bytes = Bytes(array)
        for lowerBound in [0, 1, 50, 84, 85, 100] {
            for upperBound in [lowerBound, lowerBound + 1, lowerBound + 15, lowerBound + 16, 100]
            where upperBound <= 100 {
                let slice = bytes.slice(lowerBound..<upperBound)
                #expect(Array(slice) == Array(array[lowerBound..<upperBound]))
                #expect(slice.storage === (upperBound - lowerBound > 15 ? bytes.storage : nil))
                #expect(slice == Bytes(array[lowerBound..<upperBound]))
                #expect(slice.compacted() == slice)
            }
        }
        let short: Bytes = "abcdef"
        #expect(short.slice(2..<4) == "cd")
        let long = bytes.slice(10..<90)
        #expect(long.slice(5..<45) == Bytes(array[15..<55]))
        #expect(long.compacted().storage !== bytes.storage)
    }

    @Test("a value sliced from a large block does not keep the block in a memory tree")
    func trimming() throws {
        let block = Bytes(Array(repeating: 1, count: 128 << 10))
        let slice = block.slice(5..<5 + 2_000)
        #expect(slice.trimmed() == slice && slice.trimmed().storage !== block.storage)
        #expect(block.trimmed().storage === block.storage)
        weak var storage: ByteStorage?
        let engine = MemoryEngine()
        do {
            let page = Bytes(Array(repeating: 1, count: 128 << 10))
            storage = page.storage
            try engine.write { $0.set("a", to: page.slice(5..<5 + 2_000)) }
        }
        #expect(storage == nil)
        #expect(try engine.get("a", mayBlock: false) == slice)
    }

    @Test("bytes have the order, equality and hash of an array of bytes")
    func order() {
        var random = SplitMix64(seed: 1)
        let alphabet: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF]
        let runs: [[UInt8]] = (0..<100).map { _ -> [UInt8] in
            let count = Int.random(in: 0...20, using: &random)
            return (0..<count).map { _ in alphabet[Int(random.next() % 5)] }
        }
        for left in runs {
            for right in runs {
                let isLess = Bytes(left) < Bytes(right)
                let isEqual = Bytes(left) == Bytes(right)
                #expect(isLess == left.lexicographicallyPrecedes(right))
                #expect(isEqual == (left == right))
            }
            let padding = [UInt8](repeating: 9, count: 20)
            let padded = Bytes([9] + left + padding)
            let slice = padded.slice(1..<left.count + 1)
            #expect(slice == Bytes(left))
            #expect(slice.hashValue == Bytes(left).hashValue)
        }
        #expect(Set(runs.map { (run: [UInt8]) in Bytes(run) }).count == Set(runs).count)
    }

    @Test("the description of bytes is their text, or hexadecimal digits if they are not text")
    func description() {
        #expect(Bytes("Grüße, long enough for the heap").description == "Grüße, long enough for the heap")
        #expect(Bytes().description == "")
        #expect(Bytes([0xFF, 0x00, 0x0A]).description == "0xff000a")
        #expect(String(validating: Bytes([0xC3])) == nil)
        #expect(String(Bytes([0x61, 0xC3])) == "a\u{FFFD}")
        #expect(String(Bytes("ü")) == "ü")
    }

    @Test("bytes are made from any sequence and convert to arrays and Data")
    func sequences() {
        let array = (0..<40).map(UInt8.init)
        #expect(Bytes(array[3..<30]) == Bytes(Array(array[3..<30])))
        #expect(Bytes(sequence(first: UInt8(0)) { $0 < 39 ? $0 + 1 : nil }) == Bytes(array))
        #expect(Bytes(Data(array)) == Bytes(array))
        #expect(Data(Bytes(array)) == Data(array))
        #expect(Bytes("abcdef".dropFirst()) == "bcdef")
        #expect(Bytes("abc".utf8) == [0x61, 0x62, 0x63])
        #expect(Bytes(array).reversed() == array.reversed())
    }

    @Test("bytes survive encoding and decoding")
    func codable() throws {
        for count in [0, 15, 16, 300] {
            let bytes = Bytes((0..<count).map { UInt8(truncatingIfNeeded: $0) })
            #expect(try JSONDecoder().decode(Bytes.self, from: JSONEncoder().encode(bytes)) == bytes)
        }
    }

    @Test("the successor of bytes is the smallest value above them")
    func successor() {
        for bytes: Bytes in [
            [], "a", [0xFF], Bytes(Array(repeating: 1, count: 15)), Bytes(Array(repeating: 1, count: 16)),
        ] {
            #expect(bytes.successor > bytes)
            #expect(Array(bytes.successor) == Array(bytes) + [0])
        }
    }
}

@Suite("KeyRange")
struct KeyRangeTests {
    @Test("a prefix range holds the keys that begin with the prefix and no others")
    func prefix() {
        #expect(KeyRange.prefix("ab") == KeyRange(from: "ab", to: "ac"))
        #expect(KeyRange.prefix([0x61, 0xFF]) == KeyRange(from: [0x61, 0xFF], to: "b"))
        #expect(KeyRange.prefix([0xFF, 0xFF]) == KeyRange(from: [0xFF, 0xFF]))
        #expect(KeyRange.prefix(Bytes()) == .all)
        let long = Bytes(Array(repeating: 0xFE, count: 40))
        #expect(KeyRange.prefix(long).contains(long) && KeyRange.prefix(long).contains(long.successor))
        #expect(!KeyRange.prefix(long).contains([0xFF]))
    }

    @Test("an empty or inverted range holds nothing, and a range of one key holds that key")
    func emptiness() {
        #expect(KeyRange(from: "b", to: "a").isEmpty && KeyRange(from: "b", to: "b").isEmpty)
        #expect(!KeyRange(from: "b").isEmpty && !KeyRange.all.isEmpty)
        let only = KeyRange.key("b")
        #expect(only.contains("b") && !only.contains("b\0") && !only.contains("a"))
        #expect(KeyRange("a"..<"c").remainder(after: "b", .forward) == KeyRange(from: "b\0", to: "c"))
        #expect(KeyRange("a"..<"c").remainder(after: "b", .reverse) == KeyRange(from: "a", to: "b"))
    }
}

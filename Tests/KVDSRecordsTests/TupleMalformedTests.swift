import Foundation
import KVDS
import KVDSTesting
import Testing

@testable import KVDSRecords

@Suite("Tuple: bytes from outside")
struct TupleMalformedTests {
    @Test("random tuples unpack into the elements they were packed from")
    func roundTrips() throws {
        let seed = TestSeed.next
        var random = RandomTuples(seed: seed)
        for _ in 0..<(takesLong ? 100_000 : 3_000) {
            let elements = random.elements()
            let tuple = Tuple(elements: elements)
            let unpacked = try Tuple(unpacking: tuple.packed)
            try #require(Array(unpacked) == elements && unpacked.count == elements.count, "seed \(seed): \(tuple)")
            try #require(ElementModel.compare(Array(unpacked), elements) == 0, "seed \(seed): \(tuple)")
        }
    }

    @Test("each truncation and change of one byte is an error or packs into the same bytes again")
    func changes() {
        let seed = TestSeed.next
        var random = RandomTuples(seed: seed)
        random.longestInteger = 18
        var outcomes = (accepted: 0, refused: 0)
        for _ in 0..<1_000 {
            let packed = Array(random.tuple().packed)
            for index in packed.indices {
                guard check(packed[..<index], &outcomes, seed) else { return }
                // Every other byte at full length, otherwise those that are most likely to be confused.
                let all: [UInt8] = takesLong ? Array(0...255) : [0x00, 0x05, 0xFF, packed[index] ^ 1]
                for byte in all where byte != packed[index] {
                    var changed = packed
                    changed[index] = byte
                    guard check(changed[...], &outcomes, seed) else { return }
                }
            }
        }
        #expect(outcomes.accepted > 1_000 && outcomes.refused > 1_000)
    }

    private func check(
        _ array: ArraySlice<UInt8>, _ outcomes: inout (accepted: Int, refused: Int), _ seed: UInt64
    ) -> Bool {
        let bytes = Bytes(array)
        do throws(StoreError) {
            outcomes.accepted += 1
            if repacked(try Tuple(unpacking: bytes)) == bytes { return true }
            Issue.record("seed \(seed): \(bytes.hexadecimal)")
        } catch {
            outcomes.accepted -= 1
            outcomes.refused += 1
            if error.code == .malformedTuple { return true }
            Issue.record("seed \(seed): \(error)")
        }
        return false
    }

    /// The packed bytes of the tuple, built again from its elements, in all levels.
    private func repacked(_ tuple: Tuple) -> Bytes {
        let elements = tuple.map { element -> Tuple.Element in
            guard case .tuple(let nested) = element else { return element }
            return .tuple(Tuple(packed: repacked(nested), count: nested.count))
        }
        return Tuple(elements: elements).packed
    }

    @Test(
        "malformed bytes are refused with the position and the reason",
        arguments: [
            ("01", "at byte 1, the end of a byte string is missing"),
            ("0161", "at byte 2, the end of a byte string is missing"),
            ("026100ff", "at byte 4, the end of a string is missing"),
            ("05", "at byte 1, the end of a nested tuple is missing"),
            ("0500ff", "at byte 3, the end of a nested tuple is missing"),
            ("03", "at byte 0, there is no element with this type code"),
            ("1404", "at byte 1, there is no element with this type code"),
            ("051422", "at byte 2, there is no element with this type code"),
            ("25", "at byte 0, there is no element with this type code"),
            ("40", "at byte 0, there is no element with this type code"),
            ("ff", "at byte 0, there is no element with this type code"),
            ("15", "at byte 1, an integer is cut off"),
            ("1500", "at byte 1, an integer has a leading zero"),
            ("160001", "at byte 1, an integer has a leading zero"),
            ("13ff", "at byte 1, an integer has a leading zero"),
            ("12fffe", "at byte 1, an integer has a leading zero"),
            ("1d", "at byte 1, a long integer is cut off"),
            ("1d09", "at byte 2, a long integer is cut off"),
            ("1d09000000000000000001", "at byte 2, a long integer has a leading zero"),
            ("1d0701020304050607", "at byte 1, a long integer has fewer than eight bytes"),
            ("1d00", "at byte 1, a long integer has fewer than eight bytes"),
            ("1d08fffffffffffffffe", "at byte 9, an integer of eight bytes has the form of a longer one"),
            ("0bf70000000000000100", "at byte 8, an integer of eight bytes has the form of a longer one"),
            ("0bf6ff0000000000000000", "at byte 2, a long integer has a leading zero"),
            ("20000000", "at byte 4, a float is cut off"),
            ("2100000000000000", "at byte 8, a double is cut off"),
            ("3000", "at byte 2, a UUID is cut off"),
            ("3300", "at byte 2, a versionstamp is cut off"),
            ("028000", "at byte 1, a string is not UTF-8"),
            ("02c3", "at byte 2, the end of a string is missing"),
            ("02c300", "at byte 2, a string is not UTF-8"),
            ("02c080", "at byte 1, a string is not UTF-8"),
            ("02e0808000", "at byte 2, a string is not UTF-8"),
            ("02eda08000", "at byte 2, a string is not UTF-8"),
            ("02f08080800000", "at byte 2, a string is not UTF-8"),
            ("02f490808000", "at byte 2, a string is not UTF-8"),
            ("02f580808000", "at byte 1, a string is not UTF-8"),
        ])
    func reasons(hexadecimal: String, reason: String) {
        let error = #expect(throws: StoreError.self) { try Tuple(unpacking: Bytes(hexadecimal: hexadecimal)) }
        #expect(error?.code == .malformedTuple && error?.advice == .usageError)
        #expect(error?.message == "The bytes are not a tuple: \(reason).")
    }

    @Test("random bytes are a string exactly if the standard library accepts them as UTF-8")
    func unicode() {
        let seed = TestSeed.next
        var random = SplitMix64(seed: seed)
        let leading: [UInt8] = [0x41, 0x80, 0xC1, 0xC2, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5]
        let following: [UInt8] = [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]
        for _ in 0..<20_000 {
            var bytes = [leading.randomElement(using: &random) ?? 0]
            while random.next() % 4 > 0 { bytes.append(following.randomElement(using: &random) ?? 0) }
            let isText = (try? Tuple(unpacking: Bytes([2] + bytes + [0]))) != nil
            if isText != (String(validating: Bytes(bytes)) != nil) {
                Issue.record("seed \(seed): \(bytes)")
                return
            }
        }
    }

    @Test("tuples nested too deeply are refused, and a million levels exhaust no stack")
    func depth() throws {
        func nested(_ depth: Int, _ core: [UInt8] = []) -> Bytes {
            Bytes([UInt8](repeating: 5, count: depth) + core + [UInt8](repeating: 0, count: depth))
        }
        let deepest = try Tuple(unpacking: nested(Tuple.maximumDepth, [0x00, 0xFF, 0x14]))
        #expect(deepest.description.hasSuffix("(nil, 0" + String(repeating: ")", count: 129)))
        for depth in [Tuple.maximumDepth + 1, 1_000, 1_000_000] {
            let error = #expect(throws: StoreError.self) { try Tuple(unpacking: nested(depth)) }
            #expect(error?.message.contains("at byte 128, tuples are nested in more than 128 levels") == true)
            #expect(throws: StoreError.self) { try Tuple(unpacking: Bytes([UInt8](repeating: 5, count: depth))) }
        }
        var tuple = Tuple(nil as Int?)
        for _ in 0..<1_000 { tuple = Tuple(tuple, 1) }
        #expect(tuple.count == 2 && tuple[1] == 1 && tuple.description.count == 5 + 5 * 1_000)
        #expect(tuple == tuple && tuple.hashValue == Tuple(elements: tuple).hashValue)
    }
}

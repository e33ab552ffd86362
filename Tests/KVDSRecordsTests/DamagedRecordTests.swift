import KVDS
import KVDSTesting
import Testing

@testable import KVDSRecords

@Suite("Damaged records")
struct DamagedRecordTests {
    /// Decodes bytes that may be damaged. A trap would end the test run.
    private func decode<Record: Codable>(_ bytes: Bytes, _ coder: RecordCoder<Record>) -> Record? {
        do throws(StoreError) {
            return try coder.decode(bytes)
        } catch {
            #expect(error.code == .corrupt || error.code == .incompatibleSchema, "\(error)")
            return nil
        }
    }

    @Test("a record that is cut off anywhere throws .corrupt")
    func truncated() throws {
        var random = SplitMix64(seed: 1)
        let coder = try RecordCoder(Everything.self)
        for _ in 0..<20 {
            let bytes = try coder.encode(Everything.random(&random))
            for count in 0..<bytes.count { #expect(decode(bytes.slice(0..<count), coder) == nil) }
        }
    }

    @Test("a record with a changed byte throws, or decodes to a value that can be encoded")
    func changed() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of the changed records: \(seed)")
        var random = SplitMix64(seed: seed)
        let coder = try RecordCoder(Everything.self)
        var decoded = 0
        for _ in 0..<20 {
            let bytes = Array(try coder.encode(Everything.random(&random)))
            for index in bytes.indices {
                var changed = bytes
                changed[index] ^= UInt8(1 + random.next() % 255)
                if let value = decode(Bytes(changed), coder) {
                    decoded += 1
                    _ = try coder.encode(value)
                }
            }
        }
        #expect(decoded > 0)
    }

    @Test("a record followed by other bytes throws .corrupt")
    func continued() throws {
        let coder = try RecordCoder([Int].self)
        #expect(decode(Bytes([1, 2]), coder) == [1])
        #expect(decode(Bytes([1, 2, 0]), coder) == nil)
    }

    @Test("a length that the rest of the record cannot have is refused before anything is allocated")
    func lengths() throws {
        let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        #expect(decode(Bytes(huge), try RecordCoder([Everything.Nothing].self)) == nil)
        #expect(decode(Bytes(huge), try RecordCoder([[Int]].self)) == nil)
        #expect(decode(Bytes(huge), try RecordCoder(Set<String>.self)) == nil)
        #expect(decode(Bytes(huge), try RecordCoder([String: Int].self)) == nil)
        #expect(decode(Bytes(huge), try RecordCoder(String.self)) == nil)
        #expect(decode(Bytes(huge), try RecordCoder([UInt8].self)) == nil)
    }

    @Test("a number is accepted in its shortest form only")
    func shortest() throws {
        let coder = try RecordCoder(Int128.self)
        #expect(decode(Bytes([0x00]), coder) == 0)
        #expect(decode(Bytes([0x80, 0x00]), coder) == nil)
        let greatest = Array(repeating: 0xFF as UInt8, count: 18) + [0x03]
        #expect(decode(Bytes(greatest), coder) == .min)
        #expect(decode(Bytes(Array(greatest.dropLast()) + [0x04]), coder) == nil)
        #expect(decode(Bytes(Array(repeating: 0xFF, count: 40)), coder) == nil)
    }

    /// The byte was passed over, and the next one taken as the flag.
    @Test("a flag other than 0 and 1 throws .corrupt")
    func flags() throws {
        #expect(decode(Bytes([1, 2, 1, 2]), try RecordCoder([Int?].self)) == nil)
        #expect(decode(Bytes([1, 1, 2]), try RecordCoder([Int??].self)) == nil)
        #expect(decode(Bytes([1, 2]), try RecordCoder([Bool].self)) == nil)
    }

    @Test("a record that is nested more than 64 levels deep throws .corrupt")
    func deep() throws {
        let coder = try RecordCoder(Expression.self)
        // The third case is `negative`, the fourth `nothing`.
        #expect(decode(Bytes(Array(repeating: 2, count: 50) + [3, 0]), coder) != nil)
        #expect(decode(Bytes(Array(repeating: 2, count: 100_000) + [3, 0]), coder) == nil)
    }

    @Test("an error about a damaged or refused record contains none of its values")
    func secrecy() throws {
        let coder = try RecordCoder([Everything.Color].self)
        let strings = try RecordCoder([String].self)
        do throws(StoreError) {
            _ = try coder.decode(strings.encode(["purple"]))
            Issue.record("an unknown color was accepted")
        } catch {
            #expect(error.code == .incompatibleSchema)
            #expect(!"\(error)".contains("purple") && !String(reflecting: error).contains("purple"))
        }
    }
}

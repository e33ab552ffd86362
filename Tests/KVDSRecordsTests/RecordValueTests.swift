import Foundation
import KVDS
import KVDSTesting
import Testing

@testable import KVDSRecords

@Suite("Records without their types")
struct RecordValueTests {
    @Test("random records are valid JSON, and no damage of their bytes does more than throw .corrupt")
    func random() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of the records without types: \(seed)")
        var random = SplitMix64(seed: seed)
        let coder = try RecordCoder(Everything.self)
        for _ in 0..<50 {
            let bytes = try coder.encode(Everything.random(&random))
            let json = try RecordValue(bytes, coder.layout).json
            let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            #expect(object?.count == coder.layout.schema.fieldCount)
            var damaged = Array(bytes)
            damaged[Int(random.next() % UInt64(damaged.count))] ^= UInt8(1 + random.next() % 255)
            for bytes in [Bytes(damaged), bytes.slice(0..<Int(random.next() % UInt64(bytes.count)))] {
                do throws(StoreError) {
                    _ = try RecordValue(bytes, coder.layout).json
                } catch {
                    #expect(error.code == .corrupt)
                }
            }
        }
    }

    private func json<Value: Codable>(_ value: Value) throws -> String {
        let coder = try RecordCoder(Value.self)
        return try RecordValue(coder.encode(value), coder.layout).json
    }

    @Test("every kind of value has its form in JSON")
    func forms() throws {
        #expect(try json([1, -5, Int128.max]) == "[1,-5,170141183460469231731687303715884105727]")
        #expect(try json([0.5, 1e300, .infinity, .nan]) == #"[0.5,1e+300,"inf","nan"]"#)
        #expect(try json("a\"\\\n\u{1}é🙂") == #""a\"\\\n\u0001é🙂""#)
        #expect(try json([nil, true, false]) == "[null,true,false]")
        #expect(try json(["b": 1, "a": 2]) == #"{"a":2,"b":1}"#)
        #expect(try json([2: "b", 1: "a"]) == #"[[1,"a"],[2,"b"]]"#)
        #expect(try json(Everything.Shape.point) == #""point""#)
        #expect(try json(Everything.Shape.circle(radius: 2)) == #"{"circle":{"radius":2.0}}"#)
        #expect(try json(Date(timeIntervalSince1970: .infinity)) == #""inf s""#)
        #expect(try json(Data([255])) == #""/w==""#)
    }
}

extension Schema {
    fileprivate var fieldCount: Int {
        if case .named(let position) = root, case .record(_, let fields) = types[position] { fields.count } else { 0 }
    }
}

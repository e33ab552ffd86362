#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A record with every kind of field.
struct FuzzedRecord: Codable, Hashable {
    enum Color: String, Codable { case red, green, blue }
    enum Level: Int, Codable { case low = 1, high = 7 }
    indirect enum Shape: Codable, Hashable {
        case point
        case circle(radius: Numbers)
        case polygon([Int], isClosed: Bool, name: String?)
        case both(Shape, Shape)
    }
    struct Nothing: Codable, Hashable {}
    struct Tree: Codable, Hashable {
        var name: String
        var isOpen: Bool?
        var children: [Tree]
        var siblings: Set<Tree>?
    }

    var bool: Bool
    var int: Int
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
    var numbers: Numbers
    var string: String
    var data: Data
    var bytes: [UInt8]
    var uuid: UUID
    var maybeBool: Bool?
    var maybeInt: Int?
    var maybeString: String?
    var maybeMaybe: Int??
    var color: Color
    var level: Level?
    var shape: Shape
    var shapes: [Shape]
    var tree: Tree?
    var nothing: Nothing
    var nothings: [Nothing]
    var bools: [Bool]
    var maybes: [Int?]
    var lists: [[String]]
    var tags: Set<String>
    var counts: [String: Int]
    var byColor: [Color: [Int?]]
    var last: String?
}

/// Numbers that may be NaN. They are compared by their bits, except that -0.0 equals 0.0.
struct Numbers: Codable, Hashable {
    var float: Float
    var double: Double
    var date: Date
    var maybeDate: Date?
    var doubles: [Double]

    private var bits: [UInt64?] {
        let dates = [date, maybeDate].map { $0?.timeIntervalSinceReferenceDate }
        let bits = ([double] + dates + doubles).map { $0 == 0 ? 0 : $0?.bitPattern }
        return [UInt64(float == 0 ? 0 : float.bitPattern)] + bits
    }

    static func == (left: Numbers, right: Numbers) -> Bool { left.bits == right.bits }
    func hash(into hasher: inout Hasher) { hasher.combine(bits) }
}

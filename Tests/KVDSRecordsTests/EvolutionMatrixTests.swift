import KVDS
import Testing

@testable import KVDSRecords

/// Every change of a type, and what each of the two programs reads of the other one's records.
@Suite("Every change of a type")
struct EvolutionMatrixTests {
    @Test("each change is read in both directions, or refused as documented", arguments: Change.all)
    func matrix(_ change: Change) throws { try change.check() }
}

struct Base: Codable, Equatable, Sendable { var id = 1; var name = "ada" }
struct Added: Codable, Equatable, Sendable { var id = 1; var name = "ada"; var city: String? }
struct AddedRequired: Codable, Equatable, Sendable { var id = 1; var age = 7; var name = "ada" }
struct Removed: Codable, Equatable, Sendable { var id = 1 }
struct RenamedBase: Codable, Equatable, Sendable { var id = 1; var fullName = "ada" }
struct Small: Codable, Equatable, Sendable { var a: Int8; var b: Float; var c: UInt16 }
struct Large: Codable, Equatable, Sendable { var a: Int; var b: Double; var c: Double }
struct NeedsAll: Codable, Equatable, Sendable { var id = 1; var flag = true }
struct MayLack: Codable, Equatable, Sendable { var id = 1; var flag: Bool? }
struct Moved: Codable, Equatable, Sendable { var name = "ada"; var id = 1 }
enum OldKind: Codable, Equatable, Sendable { case plain, round(radius: Int) }
enum MoreKinds: Codable, Equatable, Sendable { case square, round(radius: Int), plain }
enum FewerKinds: Codable, Equatable, Sendable { case round(radius: Int) }
enum RenamedKind: Codable, Equatable, Sendable { case simple, round(radius: Int) }
enum WiderKind: Codable, Equatable, Sendable { case plain, round(radius: Int, color: String?) }
enum StricterKind: Codable, Equatable, Sendable { case plain, round(radius: Int, color: String) }
struct Holds<Kind: Codable & Equatable & Sendable>: Codable, Equatable, Sendable { var kind: Kind }
struct Nested: Codable, Equatable, Sendable {
    struct Person: Codable, Equatable, Sendable { var name = "?" }
    var id = 1
    var person = Person()
}
struct Divided: Codable, Equatable, Sendable { var id = 1; var first = "?"; var last = "?" }
struct OtherKind: Codable, Equatable, Sendable { var id = 1; var name = 5 }

/// A change, with a record of each type and what the other type makes of it.
struct Change: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let check: @Sendable () throws -> Void

    /// - Parameters:
    ///   - opens: whether the newer program may open a table of older records.
    ///   - newer: how the newer program reads the older record; nil if it throws.
    ///   - older: how the older program reads the newer record; nil if it throws.
    private init<Old: Codable & Equatable & Sendable, New: Codable & Equatable & Sendable>(
        _ name: String, _ old: Old, _ new: New, opens: Bool = true, reads newer: New?, and older: Old?,
        defaults: [String: any Sendable] = [:], oldNames: [String: [String]] = [:]
    ) {
        testDescription = name
        let expectations = FieldExpectations(defaults: defaults, oldNames: oldNames)
        check = {
            let (oldCoder, newCoder) = (try RecordCoder(Old.self), try RecordCoder(New.self))
            let opened = incompatibility {
                try SchemaCompatibility.check(
                    newCoder.layout.schema, reads: oldCoder.layout.schema, version: 1, table: "t", expectations)
            }
            #expect((opened == nil) == opens, "\(opened ?? "accepted")")
            let fromOld = try read(newCoder, old, expectations)
            #expect(fromOld.0 == newer, "\(fromOld.1 ?? "read")")
            let fromNew = try read(oldCoder, new, FieldExpectations())
            #expect(fromNew.0 == older, "\(fromNew.1 ?? "read")")
        }
    }

    static let all = [
        Change("add an optional", Base(), Added(city: "Oslo"), reads: Added(), and: Base()),
        Change(
            "add a field with a default", Base(), AddedRequired(age: 9), reads: AddedRequired(), and: Base(),
            defaults: ["age": 7]),
        Change("add a field without a default", Base(), AddedRequired(), opens: false, reads: nil, and: Base()),
        Change("remove a field", Base(), Removed(), reads: Removed(), and: nil),
        Change("remove an optional", Added(city: "Oslo"), Base(), reads: Base(), and: Added()),
        Change(
            "rename a field", Base(), RenamedBase(), reads: RenamedBase(), and: nil, oldNames: ["fullName": ["name"]]),
        Change("rename a field without saying so", Base(), RenamedBase(), opens: false, reads: nil, and: nil),
        Change(
            "widen numbers", Small(a: -1, b: 0.5, c: 9), Large(a: 127, b: 1.5, c: 2),
            reads: Large(a: -1, b: 0.5, c: 9), and: nil),
        Change(
            "widen an integer, and write one that fits", Holds(kind: Int8(1)), Holds(kind: 127),
            reads: Holds(kind: 1), and: Holds(kind: 127)),
        Change(
            "widen an integer, and write one that does not fit", Holds(kind: Int8(1)), Holds(kind: 128),
            reads: Holds(kind: 1), and: nil),
        Change(
            "narrow an integer", Holds(kind: 127), Holds(kind: Int8(1)), opens: false, reads: Holds(kind: 127),
            and: Holds(kind: 1)),
        Change(
            "make a field an optional", NeedsAll(), MayLack(flag: true), reads: MayLack(flag: true), and: NeedsAll()),
        Change("make a field an optional, and write nil", NeedsAll(), MayLack(), reads: MayLack(flag: true), and: nil),
        Change(
            "make an optional required", MayLack(), NeedsAll(), reads: NeedsAll(flag: false), and: MayLack(flag: true),
            defaults: ["flag": false]),
        Change(
            "make an optional required without a default", MayLack(), NeedsAll(), opens: false, reads: nil,
            and: MayLack(flag: true)),
        Change("reorder fields", Base(), Moved(name: "bob"), reads: Moved(), and: Base(name: "bob")),
        Change(
            "add and reorder cases", Holds(kind: OldKind.plain), Holds(kind: MoreKinds.round(radius: 2)),
            reads: Holds(kind: .plain), and: Holds(kind: .round(radius: 2))),
        Change(
            "add a case, and write it", Holds(kind: OldKind.plain), Holds(kind: MoreKinds.square),
            reads: Holds(kind: .plain), and: nil),
        Change(
            "remove a case", Holds(kind: OldKind.round(radius: 1)), Holds(kind: FewerKinds.round(radius: 2)),
            reads: Holds(kind: .round(radius: 1)), and: Holds(kind: .round(radius: 2))),
        Change(
            "remove a case that a record has", Holds(kind: OldKind.plain), Holds(kind: FewerKinds.round(radius: 2)),
            reads: nil, and: Holds(kind: .round(radius: 2))),
        Change("rename a case", Holds(kind: OldKind.plain), Holds(kind: RenamedKind.simple), reads: nil, and: nil),
        Change(
            "add an optional associated value", Holds(kind: OldKind.round(radius: 1)),
            Holds(kind: WiderKind.round(radius: 2, color: "red")), reads: Holds(kind: .round(radius: 1, color: nil)),
            and: Holds(kind: .round(radius: 2))),
        Change(
            "add an associated value", Holds(kind: OldKind.round(radius: 1)),
            Holds(kind: StricterKind.round(radius: 2, color: "red")), opens: false, reads: nil,
            and: Holds(kind: .round(radius: 2))),
        Change("nest a field", Base(), Nested(), opens: false, reads: nil, and: nil),
        Change(
            "nest a field, with a default", Base(), Nested(), reads: Nested(), and: nil,
            defaults: ["person": Nested.Person()]),
        Change("split a field", Base(), Divided(), opens: false, reads: nil, and: nil),
        Change(
            "split a field, with defaults", Base(), Divided(), reads: Divided(), and: nil,
            defaults: ["first": "?", "last": "?"]),
        Change("change the type of a field", Base(), OtherKind(), opens: false, reads: nil, and: nil),
    ]
}

/// The message of the error for an incompatible schema that `body` throws; nil if it throws none.
private func incompatibility(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch let error as StoreError {
        #expect(error.code == .incompatibleSchema)
        return error.message
    } catch {
        return "\(error)"
    }
}

/// Reads a record of another type: the value, or the message of the error.
private func read<Old: Codable, New: Codable>(
    _ reader: RecordCoder<New>, _ value: Old, _ expectations: FieldExpectations
) throws -> (New?, String?) {
    let writer = try RecordCoder(Old.self)
    let bytes = try writer.encode(value)
    var result: New?
    let message = incompatibility {
        result = try reader.decode(bytes, writtenWith: writer.layout, expecting: expectations)
    }
    return (result, message)
}
